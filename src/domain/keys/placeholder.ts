/** Placeholders of templates and shells, and references to where a secret is stored, that were not replaced by the secret. */
const references = [
  // $KEY, $(cat key), ${KEY}, #{KEY}#, {{KEY}}, {KEY}, [KEY], <your key>, %KEY%, __KEY__, @KEY@
  /^\$|[$#]\{|\{\{|^\{\w+\}$|^\[[^[\]]*\]$|<[^<>]*>|^%[^%]+%$|^__\w+$|^@[^@]+@$/,
  // process.env.KEY, os.environ["KEY"], secrets.KEY
  /^(?:process\.env|import\.meta\.env|os\.environ|env|ENV|secrets|vars)[.[(]/,
  // OPENAI_API_KEY
  /^[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)$/,
  // op://vault/item, https://…, arn:aws:…
  /^(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/|arn:)/,
  // sk-xxxxxxxx
  /(?:^|[-_])[xX]{4,}$/,
];

const words: ReadonlySet<string> = new Set([
  ...[
    'undefined',
    'null',
    'none',
    'nil',
    'nan',
    'true',
    'false',
    'empty',
    'unset',
    'todo',
    'tbd',
    'fixme',
    'objectobject',
  ],
  ...['changeme', 'changeit', 'changethis', 'replaceme', 'replacethis', 'placeholder', 'redacted', 'hidden', 'dummy'],
  ...['key', 'apikey', 'token', 'secret', 'password', 'string'],
]);

/** your-api-key, sk-your-key-here, INSERT_KEY_HERE, without their punctuation. */
const phrase =
  /^(?:sk)?(?:ant)?(?:your|my|the|insert|enter|paste|put|add|replace|change)[a-z]{0,30}(?:key|token|secret|here)$/;

/** Whether a text is a placeholder for a key; real keys never match. */
export function isPlaceholder(text: string): boolean {
  if (references.some((pattern) => pattern.test(text))) return true;
  const plain = text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return words.has(plain) || phrase.test(plain);
}
