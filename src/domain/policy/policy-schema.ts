import { z } from 'zod';
import type { Limits } from '../../limits.ts';
import { modelSelector } from '../../policy/model-selector.ts';
import { aliasName, exactModel, subjectId } from '../../policy/policy-fields.ts';
import { documentSchema } from './policy-document.ts';

/** The characters that no text may have. */
const control = '\u0000-\u001f\u007f-\u009f';

// In what all regular expressions have in common: Python's knows no `\\p{Cc}`, and its `\\w` has more than ASCII.
const text = `^[^${control}]*$`;
const patterns = new Map<unknown, string>([
  [exactModel, `^[^${control}*]*$`],
  [modelSelector, `^ *[^${control}*/ ]([^${control}*]*[^${control}* ][*]?)? *$`],
  [aliasName, '^[A-Za-z0-9][A-Za-z0-9-]{0,62}$'],
  [subjectId, '^((usr|user|team|api)_[A-Za-z0-9_-]{1,120}|role_(owner|admin|member))$'],
]);
const time = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?Z$';

/** The JSON Schema of a policy's document (draft 2020-12), for editors and pipelines of a service with these limits. */
export function policySchemaOf(limits: Limits) {
  const { $schema, ...schema } = z.toJSONSchema(documentSchema(limits), {
    target: 'draft-2020-12',
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern === undefined) return;
      const isTime = jsonSchema.format === 'date-time';
      // Strict validators refuse a format that they do not know.
      delete jsonSchema.format;
      jsonSchema.pattern = isTime ? time : (patterns.get(zodSchema) ?? text);
    },
  });
  return {
    $schema,
    title: 'Policy of an organization',
    description: 'What an organization says about models. What the document does not name is as by default.',
    ...schema,
  };
}
