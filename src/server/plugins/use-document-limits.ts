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

/** Validation errors that are reported, at most: to find and to report each costs time. */
const maxErrors = 10;

/**
 * Refuses documents beyond a limit as early as possible: by length before parsing, by tokens while parsing, by the rest before the
 * validation rules of graphql-js, some of which are slow on such documents. Gateways inline fragments, and so send long documents:
 * a signed call may have more tokens, and characters in proportion.
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
    // Introspection is limited by graphql-js (MaxIntrospectionDepthRule) and by its cost instead: the introspection query of
    // tools is deeper than any other.
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
  /** Parsed documents that only a gateway may send. To be checked each time: the document cache is shared by all callers. */
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

/** The parameters of the request; empty where the context was made without one. */
function paramsOf({ params = {} }: { params?: GraphQLParams }): GraphQLParams {
  return params;
}
