import { Empty } from '../parts/empty.tsx';
import { can } from '../state/caller.ts';
import { requested } from '../state/exceptions.ts';
import { words } from '../words.ts';
import { NewModels } from './new-models.tsx';
import { Request } from './request.tsx';
import { Retirements } from './retirements.tsx';

/** What waits for a decision: requests for exceptions, new models; and what will retire. */
export function Review() {
  return (
    <>
      <section class="group" aria-labelledby="requests">
        <h2 id="requests">{words.review.requests}</h2>
        {requested.value?.length === 0 && <Empty>{words.review.noRequests}</Empty>}
        {requested.value?.map((exception) => (
          <Request key={exception.id} exception={exception} />
        ))}
      </section>
      {can('READ_POLICY') && <NewModels />}
      <Retirements />
    </>
  );
}
