import type { builder } from '../builder.ts';

type InputFields = Parameters<Parameters<typeof builder.mutationField>[1]>[0]['input'];

/** What the input of a change has by which entries are added to lists, and removed from them. */
export const entryFields = (input: InputFields) => ({
  addDisabledProviders: input.stringList({
    description:
      'Adds these to `disabledProviders`, behind what is there. Not together with that list, which replaces it.',
  }),
  removeDisabledProviders: input.stringList({
    description: 'Removes these from `disabledProviders`, in any case. What is not there is ignored.',
  }),
  addDisabledModels: input.stringList({
    description:
      'Adds these to `disabledModels`, behind what is there. Not together with that list, which replaces it.',
  }),
  removeDisabledModels: input.stringList({
    description:
      'Removes these from `disabledModels`: entries, as they are stored or spelled otherwise, not the models that they match. What is not there is ignored.',
  }),
  addAllowedModels: input.stringList({
    description:
      'Adds these to `allowedModels`, behind what is there. Where no allow list is in use this starts one: nothing else is allowed then. Not together with that list, which replaces it.',
  }),
  removeAllowedModels: input.stringList({
    description:
      'Removes these entries from `allowedModels`, likewise. Without its last entry the list is empty, and allows nothing.',
  }),
});
