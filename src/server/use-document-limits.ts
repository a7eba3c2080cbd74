import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import { type DocumentNode, GraphQLError, type ValidationContext, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../limits.ts';
import { maxDirectivesRule, maxRepetitionsRule, noPrototypeRule } from './document-limit-rules.ts';
import { malformedRequest } from './malformed-request.ts';

/** Faults of a document that are told. To find and to tell each costs time. */
const maxErrors = 10;

/**
 * Refuses documents that go beyond a limit before anything else is made of them: by length before they are read, by
 * tokens while they are read, and by the rest before the rules of graphql-js, some of which take long over such ones.
 */
export function useDocumentLimits(limits: Limits): Plugin {
  const reporting = {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, { message }: GraphQLError) => {
        context?.reportError(new GraphQLError(message.replace('Syntax Error: ', '')));
      },
    ],
  };
  const rules = [
    // What is below __schema is bounded by graphql-js itself (MaxIntrospectionDepthRule) and by its cost: the query that
    // every tool sends is deeper than any other.
    maxDepthRule({ n: limits.depth, flattenFragments: true, ignoreIntrospection: true, ...reporting }),
    maxAliasesRule({ n: limits.aliases, allowList: [], ...reporting }),
    maxDirectivesRule(limits.directives),
    maxRepetitionsRule(limits.aliases),
    noPrototypeRule,
  ];
  const known = new WeakMap<DocumentNode, readonly GraphQLError[]>();

  return {
    onParse({ params, setParseFn }) {
      const { length } = params.source.toString();
      if (length > limits.documentLength) {
        throw malformedRequest(`Document length limit of ${limits.documentLength} exceeded, found ${length}.`);
      }
      setParseFn((source, options) =>
        new MaxTokensParserWLexer(source, { ...options, n: limits.tokens }).parseDocument(),
      );
    },
    onValidate({ params: { schema, documentAST }, setValidationFn, setResult }) {
      setValidationFn((...[ofSchema, document, all]: Parameters<typeof validate>) =>
        validate(ofSchema, document, all, { maxErrors }),
      );
      const errors = known.get(documentAST) ?? validate(schema, documentAST, rules);
      known.set(documentAST, errors);
      if (errors.length > 0) setResult(errors);
    },
  };
}
