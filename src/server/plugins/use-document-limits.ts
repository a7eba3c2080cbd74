import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import { type DocumentNode, GraphQLError, type ValidationContext, validate } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Limits } from '../../limits.ts';
import {
  maxChangesRule,
  maxDirectivesRule,
  maxRepetitionsRule,
  noConditionalSubscriptionRule,
  noPrototypeRule,
} from '../limits/document-limit-rules.ts';
import { malformedRequest } from '../request/malformed-request.ts';

/** Faults of a document that are told. To find and to tell each costs time. */
const maxErrors = 10;

/**
 * Refuses documents that go beyond a limit before anything else is made of them: by length before they are read, by
 * tokens while they are read, and by the rest before the rules of graphql-js, some of which take long over such ones.
 * Gateways that spread fragments out write long documents: who is one may send more tokens, and characters in proportion.
 */
export function useDocumentLimits(limits: Limits, isGateway: (params: GraphQLParams) => boolean): Plugin {
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
    maxChangesRule(limits.changes),
    noPrototypeRule,
    noConditionalSubscriptionRule,
  ];
  const longer = {
    tokens: Math.max(limits.tokens, limits.tokensSigned),
    documentLength: limits.documentLength * Math.max(1, limits.tokensSigned / limits.tokens),
  };
  /** Those that only a gateway may send: what is parsed is remembered by its text, whoever sends it. */
  const forGateways = new WeakSet<object>();
  const known = new WeakMap<DocumentNode, readonly GraphQLError[]>();

  return {
    onParse({ params, context, setParseFn }) {
      const { length } = params.source.toString();
      const mayBeLonger = () => isGateway(paramsOf(context));
      checkLength(length, length > limits.documentLength && mayBeLonger() ? longer : limits);
      setParseFn((source, options) => {
        const parseUpTo = (n: number) => new MaxTokensParserWLexer(source, { ...options, n }).parseDocument();
        try {
          return parseUpTo(limits.tokens);
        } catch (fault) {
          if (!mayBeLonger()) throw fault;
          const document = parseUpTo(longer.tokens);
          forGateways.add(document);
          return document;
        }
      });
      return ({ result, replaceParseResult }) => {
        if (!(result && forGateways.has(result)) || mayBeLonger()) return;
        replaceParseResult(new GraphQLError(`Syntax Error: Token limit of ${limits.tokens} exceeded.`));
      };
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

function checkLength(length: number, { documentLength }: Pick<Limits, 'documentLength'>): void {
  if (length <= documentLength) return;
  throw malformedRequest(`Document length limit of ${Math.floor(documentLength)} exceeded, found ${length}.`);
}

/** What the request asks for; nothing where a context was made without a request. */
function paramsOf({ params = {} }: { params?: GraphQLParams }): GraphQLParams {
  return params;
}
