import { z } from 'zod';
import type { Limits } from '../../limits.ts';
import { documentSchema } from './policy-document.ts';

/** No control character, in what all regular expressions have in common: Python's knows no `\p{Cc}`. */
const noControlCharacter = '^[^\u0000-\u001f\u007f-\u009f]*$';

/** The JSON Schema of a policy's document (draft 2020-12), for editors and pipelines of a service with these limits. */
export function policySchemaOf(limits: Limits) {
  const { $schema, ...schema } = z.toJSONSchema(documentSchema(limits), {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = noControlCharacter;
    },
  });
  return {
    $schema,
    title: 'Policy of an organization',
    description: 'What an organization says about models. What the document does not name is as by default.',
    ...schema,
  };
}
