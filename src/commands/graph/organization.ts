import { UsageError } from '../command.ts';

/** What stands for the id of the organization in the name of a file. */
const placeholder = '{org}';

/** The id of an organization, as given by --org. It may be a part of a file's name. @throws UsageError where it cannot be one */
export function organizationOf(text: string): string {
  if (!/^[\w-]{1,200}$/.test(text)) throw new UsageError('--org must be the id of an organization (org_…).');
  return text;
}

/** The name of an organization's file; `-` is the standard input or output. */
export function fileOf(pattern: string, organizationId: string): string {
  return pattern.replaceAll(placeholder, organizationId);
}

/** Whether a name is one file for each organization. */
export function isForEach(pattern: string): boolean {
  return pattern.includes(placeholder);
}
