import { expect, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createTestDatabase } from '../kit/database.ts';
import { environmentOn } from './external.ts';
import { run } from './process.ts';

/** What `bootstrap --json` prints. */
interface Printed {
  outcome: string;
  organizationId: string;
  name: string;
  userId: string | null;
  invitationId: string | null;
  link: string | null;
}

/** A blank database of one test, and the command on it. */
export async function aBlankDatabase() {
  const database = await createTestDatabase();
  const db = createDatabase(database.url, { poolSize: 2 });
  onTestFinished(() => database.drop());
  onTestFinished(() => db.$disconnect());
  const env: Record<string, string> = await environmentOn(database.url);
  const bootstrap = (parameters: string[], variables: Record<string, string> = {}) =>
    run(['bootstrap', ...parameters], { env: { ...env, ...variables } });
  const bootstrapJson = async (parameters: string[], variables?: Record<string, string>): Promise<Printed> => {
    const { code, stdout, stderr } = await bootstrap([...parameters, '--json'], variables);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  return { db, env, bootstrap, bootstrapJson };
}
