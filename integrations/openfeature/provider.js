// A provider of OpenFeature for servers: which models a user may use, as flags. See README.md beside this file.
import { createGate, subjectOf } from '../ask.js';

/**
 * The flag `model:<name>` is true where the model is allowed to the subject of the context's targeting key (`user:usr_…`); as a string
 * it is the model that the name stands for, as `provider/key`, and empty where it is not allowed.
 */
export class ModelgateProvider {
  metadata = { name: 'Modelgate' };
  runsOn = 'server';
  #gate;

  /** @param {Parameters<typeof createGate>[0]} options */
  constructor(options) {
    this.#gate = createGate(options);
  }

  async resolveBooleanEvaluation(flag, _default, context) {
    return this.#resolve(flag, context, ({ allowed }) => allowed, false);
  }

  async resolveStringEvaluation(flag, _default, context) {
    return this.#resolve(flag, context, ({ allowed, model }) => (allowed ? model : ''), '');
  }

  async resolveNumberEvaluation(_flag, value) {
    return { value, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage: 'Models are booleans or strings' };
  }

  async resolveObjectEvaluation(_flag, value) {
    return { value, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage: 'Models are booleans or strings' };
  }

  /**
   * With an `errorCode` OpenFeature answers the default that the application gave, which may be true: so an error about a model has none,
   * and its value is that of a denial.
   */
  async #resolve(flag, { targetingKey }, read, denied) {
    const failed = (errorMessage, reason) => ({
      value: denied,
      variant: 'denied',
      reason: 'ERROR',
      errorMessage,
      flagMetadata: { reasons: reason, message: errorMessage },
    });
    if (!flag.startsWith('model:')) return failed('Flags of models begin with model:', 'UNKNOWN_FLAG');
    const subject = subjectOf(targetingKey);
    if (!subject) return failed('The targeting key must be a subject, such as user:usr_…', 'NO_SUBJECT');
    try {
      const decision = await this.#gate.decide(subject, flag.slice('model:'.length));
      const { allowed, reasons, message } = decision;
      return {
        value: read(decision),
        variant: allowed ? 'allowed' : 'denied',
        reason: 'TARGETING_MATCH',
        flagMetadata: allowed ? {} : { reasons: reasons.join(', '), message },
      };
    } catch (error) {
      return failed(`Modelgate cannot be asked: ${error.message}`, 'UNDECIDED');
    }
  }
}
