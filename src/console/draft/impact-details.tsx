import { count, dollars } from '../format.ts';
import { Scroll } from '../parts/scroll.tsx';
import type { Preview } from '../state/draft.ts';
import { words } from '../words.ts';

type Impact = Preview['impact'];

/** Whom a change of the policy hits: the models, the people, the defaults. */
export function ImpactDetails({ impact }: { impact: Impact }) {
  const { newlyBlocked, newlyBlockedCount, newlyAllowed, newlyAllowedCount, defaults, aliases } = impact;
  return (
    <>
      <ul>
        {defaults.map(({ from, to, members }) => (
          <li key={`${from?.displayName} ${to?.displayName}`}>
            {words.impact.default(members, from?.displayName, to?.displayName)}
          </li>
        ))}
        {aliases.map(({ name, from, to }) => (
          <li key={name}>{words.impact.alias(name, from?.displayName, to?.displayName)}</li>
        ))}
        {newlyBlockedCount > 0 && <li>{words.impact.configs(impact.modelConfigCount)}</li>}
        {impact.exceptionsThatLift > 0 && <li>{words.impact.exceptions(impact.exceptionsThatLift)}</li>}
        {impact.recentCost && <li>{words.impact.cost(dollars(impact.recentCost))}</li>}
      </ul>
      <HitModels caption={words.impact.blocked(newlyBlockedCount)} hits={newlyBlocked} total={newlyBlockedCount} />
      <HitModels caption={words.impact.allowed(newlyAllowedCount)} hits={newlyAllowed} total={newlyAllowedCount} />
    </>
  );
}

function HitModels({ caption, hits, total }: { caption: string; hits: Impact['newlyBlocked']; total: number }) {
  if (total === 0) return null;
  return (
    <Scroll label={caption}>
      <table class="stacked">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.columns.model}</th>
            <th scope="col" class="number">
              {words.columns.members}
            </th>
            <th scope="col" class="number">
              {words.columns.recentUsers}
            </th>
            <th scope="col" class="number">
              {words.columns.recentUses}
            </th>
          </tr>
        </thead>
        <tbody>
          {hits.map(({ model, members, recentUses, recentUsers }) => (
            <tr key={model.id}>
              <th scope="row">
                {model.displayName} <small>{model.providerDisplayName}</small>
              </th>
              <td class="number" data-label={words.columns.members}>
                {count(members)}
              </td>
              <td class="number" data-label={words.columns.recentUsers}>
                {count(recentUsers)}
              </td>
              <td class="number" data-label={words.columns.recentUses}>
                {count(recentUses)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hits.length < total && <p>{words.impact.more(total - hits.length)}</p>}
    </Scroll>
  );
}
