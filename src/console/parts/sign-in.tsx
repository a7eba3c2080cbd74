import { useId, useState } from 'preact/hooks';
import { session, ways } from '../session/session.ts';
import { caller } from '../state/caller.ts';
import { words } from '../words.ts';
import { Field } from './field.tsx';

/** Asks who is there: the whole page at first, a strip above what is shown where a sign-in has ended. */
export function SignIn() {
  const { status, problem } = session.who.value;
  const title = useId();
  if (status === 'opening' || (status === 'signed-in' && problem === undefined)) {
    return <p class="loading">{words.loading}</p>;
  }
  return (
    <section class="card sign-in" aria-labelledby={title}>
      <h2 id={title}>{caller.value ? words.signIn.ended : words.signIn.title}</h2>
      {problem && <p class="problem">{problem}</p>}
      {ways.issuer && (
        <div class="actions">
          {status === 'waiting' && <p>{words.signIn.waiting}</p>}
          <button type="button" class="primary" onClick={ways.issuer.signIn}>
            {status === 'waiting' ? words.signIn.openAgain : words.signIn.in}
          </button>
          {status === 'waiting' && (
            <button type="button" onClick={ways.issuer.cancel}>
              {words.cancel}
            </button>
          )}
        </div>
      )}
      {ways.paste && <PasteForm take={ways.paste.take} />}
      {ways.personas && (
        <button type="button" class="primary" onClick={() => ways.personas?.choose(ways.personas.persona.value)}>
          {words.signIn.again}
        </button>
      )}
    </section>
  );
}

function PasteForm({ take }: { take: (token: string) => void }) {
  const [token, setToken] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take(token);
        setToken('');
      }}
    >
      <Field label={words.signIn.token} hint={words.signIn.tokenHint}>
        {(ids) => (
          <input
            {...ids}
            type="password"
            autocomplete="off"
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="primary">
        {words.signIn.use}
      </button>
    </form>
  );
}
