// A user of the client that orval generates: an answer is told apart by its status.
import { updateModelSettings } from './generated/orval.js';

export async function disableAll(organizationId: string): Promise<string> {
  const answer = await updateModelSettings(organizationId, { disabledProviders: ['google'] });
  if (answer.status === 200) return 'dry_run' in answer.data ? 'Nothing' : answer.data.disabled_providers.join();
  if (answer.status === 412) return 'Somebody else was faster';
  return answer.data.error.message;
}
