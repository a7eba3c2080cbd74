/** Why there is no answer: an error of the service with its code, or `UNREACHABLE`. The message is for the user. */
export class AskError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'AskError';
    this.code = code;
  }
}
