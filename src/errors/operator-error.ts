/** What an operator can mend: the message alone says what is wrong, and how to mend it. It has no secrets. */
export class OperatorError extends Error {}
