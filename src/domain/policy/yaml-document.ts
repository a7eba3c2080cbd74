import { Composer, CST, type Document, isMap, isScalar, isSeq, Lexer, type Node, Parser } from 'yaml';
import { excerpt, maxIssues, ValidationError, type ValidationIssue } from '../../errors/base.ts';

/** What a document may hold at most. A longer or deeper one is refused as soon as that is known. */
export interface YamlLimits {
  bytes: number;
  /** Lexical tokens: each blank, line break, mark and value is one. */
  tokens: number;
  /** Levels of lists and mappings. */
  depth: number;
}

/** A document as a plain value, and where its parts are. */
export interface YamlDocument {
  value: unknown;
  /** The fault of a part, with its line and column; those of the nearest part around it where there is no such part. */
  faultAt: (path: readonly PropertyKey[], message: string) => ValidationIssue;
}

/** A fault, and the offset of the character where it is. */
interface Fault {
  /** Undefined: that of what is at the offset, which is looked up for the faults that are told alone. */
  path?: readonly PropertyKey[];
  message: string;
  offset: number;
}

const refusedTokens: Readonly<Record<string, string>> = {
  anchor: 'has an anchor (&), which is not allowed',
  alias: 'has an alias (*), which is not allowed; put text that begins with it in quotes',
  tag: 'has a tag (!), which is not allowed; put text that begins with it in quotes',
};

/** Before what the parser says, which those who write YAML seldom know the words of. */
const unreadable = 'cannot be read: check the indentation, quotes and brackets up to here';

/** Marks of the lexer that have no length in the text; the last says that the next token is text, whatever it begins with. */
const marks: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** A backslash in double quotes, with what makes it an escape, if anything does. */
const escapes =
  /\\(?:([0abefnrtvNLP_"/\\ \t\n]|\r\n|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4})|.?)/gs;

/** Control characters, and the lone surrogates that UTF-8 cannot have. */
const unprintable = /(?![\t\n\r])\p{Cc}|\p{Cs}/u;

/**
 * Parses one document of YAML 1.2, of which JSON is a part: its core schema alone, without anchors, aliases, tags, merges and
 * directives. Time and memory are bounded by the limits, whatever the text is.
 *
 * @throws ValidationError with the path, line and column of the first faults
 */
export function parseYaml(text: string, limits: YamlLimits): YamlDocument {
  if (Buffer.byteLength(text) > limits.bytes) {
    throw new ValidationError([{ path: '', message: `must not be longer than ${limits.bytes} bytes` }]);
  }
  const refuse = (faults: readonly Fault[], root: Node | null = null): never => {
    const first = [...faults].sort((a, b) => a.offset - b.offset).slice(0, maxIssues);
    throw new ValidationError(first.map((fault) => issueIn(text, { path: pathAt(root, fault.offset), ...fault })));
  };
  const hidden = text.search(unprintable);
  if (hidden >= 0) refuse([{ message: 'has a character that no text may have', offset: hidden }]);

  const { document, refused } = compose(text, limits, refuse);
  const root = document?.contents ?? null;
  if (refused.length > 0) refuse(refused, root);
  // Those after it mostly follow from it.
  const [error] = (document?.errors ?? []).toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (error) refuse([{ message: `${unreadable} (${error.message})`, offset: error.pos[0] }], root);

  const { value, offsets, faults } = toValue(root);
  if (faults.length > 0) refuse(faults);
  return {
    value,
    faultAt: (path, message) => {
      const known = path.findLastIndex((_, index) => offsets.has(keyOf(path.slice(0, index + 1))));
      return issueIn(text, { path, message, offset: offsets.get(keyOf(path.slice(0, known + 1))) ?? 0 });
    },
  };
}

/**
 * The only document of the text, and the tokens in it that are refused: their paths are not known yet. It is read no further than to
 * the last fault that is told.
 */
function compose(text: string, limits: YamlLimits, refuse: (faults: readonly Fault[]) => never) {
  const parser = new Parser();
  const composer = new Composer({ version: '1.2', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const refused: Fault[] = [];
  const documents: Document.Parsed[] = [];
  let offset = 0;
  let tokens = 0;
  let errors = 0;
  let isText = false;
  const refuseHere = (message: string) => refuse([{ message, offset }]);

  for (const token of new Lexer().lex(text)) {
    const type = isText ? 'text' : (CST.tokenType(token) ?? 'text');
    tokens += 1;
    if (tokens > limits.tokens) refuseHere('has more parts than a policy can have');
    if (type === 'directive-line') refuseHere('has a directive (%), which is not allowed');
    refused.push(...refusedIn(token, type, offset));
    if (Math.max(refused.length, errors) >= maxIssues) break;
    for (const part of parser.next(token)) {
      if (part.type === 'error') errors += 1;
      documents.push(...composer.next(part));
    }
    if (parser.stack.length > limits.depth) refuseHere('is nested deeper than a policy can be');
    if (documents.length > 0) refuseHere('must be one document');
    isText = token === CST.SCALAR;
    if (!marks.has(token) || type === 'text') offset += token.length;
  }
  for (const part of parser.end()) documents.push(...composer.next(part));
  documents.push(...composer.end(true, text.length));
  if (documents.length > 1) refuseHere('must be one document');
  return { document: documents[0], refused };
}

/** What of a token is not allowed. The composer would make an error of each escape that does not exist; the first few are enough. */
function refusedIn(token: string, type: string, offset: number): Fault[] {
  const message = refusedTokens[type];
  if (message) return [{ message, offset }];
  if (type !== 'double-quoted-scalar') return [];
  const faults: Fault[] = [];
  for (const { 0: text, 1: valid, index } of token.matchAll(escapes)) {
    if (valid === undefined)
      faults.push({ message: `has an escape that does not exist: ${text}`, offset: offset + index });
    if (faults.length === maxIssues) break;
  }
  return faults;
}

/** A document as a plain value, the offsets of its parts by their paths, and the keys that it must not have. */
function toValue(root: Node | null) {
  const offsets = new Map<string, number>();
  const faults: Fault[] = [];
  const visit = (node: unknown, path: readonly PropertyKey[]): unknown => {
    if (isScalar(node)) return node.value;
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) => {
        offsets.set(keyOf([...path, index]), item.range?.[0] ?? 0);
        return visit(item, [...path, index]);
      });
    }
    if (!isMap<Node>(node)) return null;
    const entries = new Map<string, unknown>();
    for (const { key, value } of node.items) {
      const offset = key.range?.[0] ?? 0;
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') {
        faults.push({ path, message: 'has a key that is no text; put it in quotes', offset });
        continue;
      }
      const at = [...path, name];
      // Maps skip such a key, so that nobody would be told of it.
      if (name === '__proto__') faults.push({ path: at, message: 'is unknown', offset });
      else if (entries.has(name)) faults.push({ path: at, message: 'is given twice', offset });
      else offsets.set(keyOf(at), offset);
      entries.set(name, visit(value, at));
    }
    // Makes properties of its own of all keys, `__proto__` among them.
    return Object.fromEntries(entries);
  };
  return { value: visit(root, []), offsets, faults };
}

const keyOf = (path: readonly PropertyKey[]) => JSON.stringify(path);

/** The path of what is at an offset: the last key that begins before it, and the first entry that ends there or behind it. */
function pathAt(node: unknown, offset: number): PropertyKey[] {
  if (isMap<Node>(node)) {
    const pair = node.items.findLast(({ key }) => (key?.range?.[0] ?? 0) <= offset);
    if (!pair || !isScalar(pair.key)) return [];
    return [String(pair.key.value), ...pathAt(pair.value, offset)];
  }
  // An anchor or a tag of the list itself stands before it.
  if (isSeq<Node>(node) && offset >= (node.range?.[0] ?? 0)) {
    const index = node.items.findIndex((item) => (item?.range?.[2] ?? 0) >= offset);
    return index < 0 ? [] : [index, ...pathAt(node.items[index], offset)];
  }
  return [];
}

function issueIn(text: string, { path = [], message, offset }: Fault): ValidationIssue {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  // Messages of the parser quote the text.
  return { path: path.map(String).join('.'), message: excerpt(message), line, column };
}
