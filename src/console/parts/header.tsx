import { session, ways } from '../session/session.ts';
import { settings } from '../settings.ts';
import { caller, membership, memberships } from '../state/caller.ts';
import { requestCount } from '../state/exceptions.ts';
import { hrefOf, organizationId, showOrganization, tab, tabs } from '../state/route.ts';
import { words } from '../words.ts';
import { LiveDot } from './live-dot.tsx';

/** Where one is, who one is, and where one can go. */
export function Header() {
  const isIn = caller.value !== undefined;
  return (
    <header>
      <div class="bar">
        <strong class="brand">Modelgate</strong>
        {memberships.value.length > 0 && <OrganizationSwitch />}
        {membership.value && <LiveDot />}
        <Account />
      </div>
      {isIn && membership.value && (
        <nav aria-label={words.sections}>
          {tabs.map((name) => (
            <a key={name} href={hrefOf(name)} aria-current={tab.value === name ? 'page' : undefined}>
              {words.tabs[name]}
              {name === 'review' && requestCount.value > 0 && <span class="badge">{requestCount.value}</span>}
            </a>
          ))}
        </nav>
      )}
    </header>
  );
}

function OrganizationSwitch() {
  const [only, ...others] = memberships.value;
  if (others.length === 0 && membership.value) return <span class="organization">{only?.organization.name}</span>;
  return (
    <label class="organization">
      <span class="hidden">{words.organization}</span>
      <select value={organizationId.value} onChange={({ currentTarget }) => showOrganization(currentTarget.value)}>
        {!membership.value && <option value={organizationId.value}>{organizationId.value}</option>}
        {memberships.value.map(({ organizationId: id, organization: { name } }) => (
          <option key={id} value={id}>
            {name ?? id}
          </option>
        ))}
      </select>
    </label>
  );
}

function Account() {
  const { personas } = ways;
  const { user, apiKey } = caller.value ?? {};
  const role = membership.value?.role;
  return (
    <div class="account">
      {personas ? (
        <label>
          <span>{words.persona}</span>
          <select value={personas.persona.value} onChange={({ currentTarget }) => personas.choose(currentTarget.value)}>
            {personas.names.value.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      ) : (
        caller.value &&
        session.who.value.status === 'signed-in' && (
          <button type="button" onClick={() => session.signOut()}>
            {words.signIn.out}
          </button>
        )
      )}
      <span class="who">
        {user?.name ?? user?.email ?? apiKey?.name ?? ''}
        {role && <small>{words.roles[role]}</small>}
      </span>
      {settings.hasGraphiql && <a href="/graphql">GraphiQL</a>}
    </div>
  );
}
