/**
 * What graphql-js says of a request that does not fit, without the values that it quotes: an input with one field too
 * many is quoted whole, with the secret in the field beside it. Paths, types and the names of fields stay.
 */
export function withoutValues(message: string): string {
  return message
    .replace(/(^|; )Value ".*" (does not exist in )/s, '$1This value $2')
    .replace(/( got invalid value) .*( at "[^"]*"; )/s, '$1$2')
    .replace(/( got invalid value) (?!at ").*(; (?:Field "|Expected |This value |Enum "|\w+ cannot ))/s, '$1$2')
    .replace(/( cannot represent [^:]*): .*$/s, '$1')
    .replace(/(Expected value of type "[^"]*", found) .*$/s, '$1 another')
    .replace(/((?:found|Unexpected) (?:(?:Block)?String|Name|Int|Float)) ".*"/s, '$1')
    .replace(/(has invalid value) .*$/s, '$1');
}
