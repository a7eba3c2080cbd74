import { excerpt } from '../../errors/base.ts';
import { invalid, isObject } from '../call.ts';

/** A subject or a resource of a request. What else it has is ignored. */
export interface Entity {
  type: string;
  id: string;
  properties: Readonly<Record<string, unknown>>;
}

/** One question: may the subject do this to the resource? */
export interface Question {
  subject: Entity;
  action: string;
  resource: Entity;
}

type Values = Readonly<Record<string, unknown>>;

/** Characters of types, ids and names at most; no id or name of ours has as many. */
const maxLength = 1_000;

/** @throws ValidationError where a part is missing, or of the wrong type */
export function readQuestion(values: Values): Question {
  return {
    subject: readEntity(values, 'subject'),
    action: readAction(values),
    resource: readEntity(values, 'resource'),
  };
}

/** Reads the questions of a batch: a key that one of them gives replaces the default whole, and a default is read once. */
export class QuestionReader {
  readonly #defaults: Values;
  #subject: Entity | undefined;
  #action: string | undefined;

  constructor(defaults: Values) {
    this.#defaults = defaults;
  }

  /** @throws ValidationError */
  read(given: Values): Question {
    const defaults = this.#defaults;
    const resource = given.resource === undefined ? defaults : given;
    return {
      subject: given.subject === undefined ? this.#defaultSubject() : readEntity(given, 'subject'),
      action: given.action === undefined ? this.#defaultAction() : readAction(given),
      resource: readEntity(resource, 'resource'),
    };
  }

  #defaultSubject(): Entity {
    this.#subject ??= readEntity(this.#defaults, 'subject');
    return this.#subject;
  }

  #defaultAction(): string {
    this.#action ??= readAction(this.#defaults);
    return this.#action;
  }
}

/** @throws ValidationError */
export function readEntity(values: Values, name: 'subject' | 'resource'): Entity {
  const entity = readObject(values, name);
  return { type: textOf(entity, name, 'type'), id: textOf(entity, name, 'id'), properties: propertiesOf(entity, name) };
}

/** What a search is for: its id is ignored where it has one. @throws ValidationError */
export function readType(values: Values, name: 'subject' | 'resource'): string {
  return textOf(readObject(values, name), name, 'type');
}

/** The name of the action. @throws ValidationError */
export function readAction(values: Values): string {
  const action = readObject(values, 'action');
  propertiesOf(action, 'action');
  return textOf(action, 'action', 'name');
}

/** The organization that the context of a request names; null where it names none. @throws ValidationError */
export function organizationNamed({ context }: Values): string | null {
  if (context === undefined) return null;
  if (!isObject(context)) throw invalid('context', 'must be an object');
  const { organization } = context;
  if (organization === undefined) return null;
  if (typeof organization !== 'string') throw invalid('context.organization', 'must be the id of an organization');
  return excerpt(organization);
}

function readObject(values: Values, name: string): Values {
  const value = values[name];
  if (value === undefined) throw invalid(name, 'is required');
  if (!isObject(value)) throw invalid(name, 'must be an object');
  return value;
}

function textOf(values: Values, path: string, name: string): string {
  const value = values[name];
  if (value === undefined) throw invalid(`${path}.${name}`, 'is required');
  if (typeof value !== 'string' || value === '') throw invalid(`${path}.${name}`, 'must be a string, and not empty');
  if (value.length > maxLength) throw invalid(`${path}.${name}`, `must not be longer than ${maxLength} characters`);
  return value;
}

function propertiesOf({ properties = none }: Values, path: string): Values {
  if (!isObject(properties)) throw invalid(`${path}.properties`, 'must be an object');
  return properties;
}

const none: Values = Object.freeze({});
