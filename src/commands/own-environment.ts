import { nearestWord } from '../catalog/edit-distance.ts';
import { type Environment, readEnvironment, variableNames } from '../environment/environment.ts';
import { say } from './say.ts';

/** The environment of the process, as `readEnvironment`. Says which of its variables are probably mistyped. */
export function readOwnEnvironment(options?: { needsAuth: boolean }): Environment {
  for (const warning of mistyped(process.env)) say(warning);
  return readEnvironment(process.env, options);
}

/** Shorter names are near to those of other programs, as HOME is to HOST. */
const minLength = 8;

/** Only warnings: most variables of an environment are those of other programs. */
function mistyped(variables: Readonly<Record<string, string | undefined>>): string[] {
  const missing = variableNames.filter((name) => !variables[name]);
  return Object.keys(variables).flatMap((name) => {
    if (name.length < minLength || variableNames.includes(name)) return [];
    const meant = nearestWord(name.toUpperCase(), missing);
    return meant === undefined || meant.length < minLength ? [] : [`${name} is not read: did you mean ${meant}?`];
  });
}
