import type { OrganizationState } from '../../domain/ledger/snapshot.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import { type Decision, decide } from './decision.ts';
import type { Question } from './entities.ts';
import type { Deciding } from './evaluator.ts';

/** A decision as JSON. */
export interface Text {
  decision: boolean;
  /** Without the end of its context and its own, so that a stamp can follow. */
  begin: string;
  /** The access to a model that it is about; undefined where it is about none. */
  access?: ModelAccess | undefined;
}

const end = '}}';

/** One that is cached, for all subjects that are decided for alike. */
interface Cached extends Text {
  access: ModelAccess;
  /** When it was made. */
  from: Date;
}

/** Kinds of subjects of one organization whose decisions are cached, and decisions of each. */
const maxKinds = 50;
const maxTexts = 1_000;

/** By the state of the organization, with which they go, and by what the subjects have in common. */
const cache = new WeakMap<OrganizationState, Map<object, Map<string, Cached>>>();

/** Answers a question as JSON. To decide on a model, and to write that, takes several times as long as to look it up. */
export function decideAsText(question: Question, deciding: Deciding): Text {
  const { decisions, narrower, subject } = deciding;
  const { action, resource } = question;
  if (narrower || action !== 'use' || resource.type !== 'model' || !subject.isMember) return write(question, deciding);

  const texts = textsOf(deciding);
  const known = texts.get(resource.id);
  if (known && isCurrent(known, decisions.now)) {
    decisions.retell(known.access);
    return known;
  }
  const text = write(question, deciding);
  const { access } = text;
  if (access?.model) {
    if (texts.size >= maxTexts) texts.clear();
    texts.set(resource.id, { ...text, access, from: decisions.now });
  }
  return text;
}

function write(question: Question, deciding: Deciding): Text {
  const { decision, access } = decide(question, deciding);
  return { ...textOf(decision), access };
}

export function textOf(decision: Decision): Text {
  return { decision: decision.decision, begin: JSON.stringify(decision).slice(0, -end.length) };
}

/** The whole text, with what is added to its context: JSON without its braces. */
export function whole({ begin }: Text, stamp = ''): string {
  return stamp === '' ? begin + end : `${begin},${stamp}${end}`;
}

function textsOf({ decisions: { state, shared } }: Deciding): Map<string, Cached> {
  const kinds = cache.get(state) ?? new Map<object, Map<string, Cached>>();
  cache.set(state, kinds);
  const known = kinds.get(shared);
  if (known) return known;
  if (kinds.size >= maxKinds) kinds.clear();
  const texts = new Map<string, Cached>();
  kinds.set(shared, texts);
  return texts;
}

function isCurrent({ access: { validUntil }, from }: Cached, now: Date): boolean {
  return from <= now && (validUntil === null || now < validUntil);
}
