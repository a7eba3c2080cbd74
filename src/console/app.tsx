import { useEffect, useRef } from 'preact/hooks';
import { DraftBar } from './draft/draft-bar.tsx';
import { History } from './history/history.tsx';
import { Models } from './models/models.tsx';
import { Loading } from './parts/empty.tsx';
import { Header } from './parts/header.tsx';
import { NoOrganization } from './parts/no-organization.tsx';
import { Notice } from './parts/notice.tsx';
import { SignIn } from './parts/sign-in.tsx';
import { People } from './people/people.tsx';
import { Review } from './review/review.tsx';
import { session } from './session/session.ts';
import { caller, isStranger, membership } from './state/caller.ts';
import { organizationId, type Tab, tab } from './state/route.ts';
import { Use } from './use/use.tsx';
import { words } from './words.ts';

const shownBy: Record<Tab, () => preact.JSX.Element> = {
  models: Models,
  review: Review,
  people: People,
  history: History,
  use: Use,
};

export function App() {
  const { status } = session.who.value;
  const wasThere = caller.value !== undefined;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.querySelector('main')?.focus()}>
        {words.skip}
      </button>
      <Header />
      {wasThere ? (
        <>
          {status !== 'signed-in' && <SignIn />}
          <Page />
        </>
      ) : (
        <main id="main" tabIndex={-1}>
          <h1 class="hidden">{words.console}</h1>
          <SignIn />
        </main>
      )}
      <DraftBar />
      <Notice />
    </>
  );
}

function Page() {
  const main = useRef<HTMLElement>(null);
  const shown = tab.value;
  const id = organizationId.value;
  const name = membership.value?.organization.name ?? '';
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = words.title(words.tabs[shown], name);
    return () => {
      document.title = words.title('', '');
    };
  }, [shown, name]);
  useEffect(() => {
    // Whoever follows a link goes on from the beginning of what it shows.
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [shown, id]);
  const Shown = shownBy[shown];
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {isStranger.value ? (
        <NoOrganization />
      ) : membership.value ? (
        <>
          <h1>{words.tabs[shown]}</h1>
          <Shown />
        </>
      ) : (
        <Loading label={words.loading} />
      )}
    </main>
  );
}
