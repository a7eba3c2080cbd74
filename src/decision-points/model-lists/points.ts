import { refuseAsOpenAi } from '../openai-error.ts';
import type { Found, Point, PublicPoint } from '../point.ts';
import type { PointRequest } from '../point-request.ts';
import { answerApiJson, answerList, answerModel, modelPrefix } from './answers.ts';
import { formOf } from './list-form.ts';

const methods = ['GET', 'HEAD'];

const credentialsIn = 'Authorization, as "Bearer <key>", or in x-api-key';

const list: Point = {
  route: '/openai/v1/models',
  methods,
  credentialsOf,
  credentialsIn,
  refuse: (refusal, request) => formOf(request).refuse(refusal),
  answer: answerList,
};

const model: Point = { ...list, route: '/openai/v1/models/{id}', answer: answerModel };

const apiJson: Point = {
  route: '/catalog/api.json',
  methods,
  credentialsOf,
  credentialsIn,
  refuse: refuseAsOpenAi,
  answer: answerApiJson,
};

/** What a client gets that takes this service for one that it can call models at. */
const nothingElse: PublicPoint = {
  route: '/openai/*',
  methods: 'ANY',
  isPublic: true,
  refuse: refuseAsOpenAi,
  answer: (request) => {
    const message = `Modelgate decides which models may be used; it forwards no calls. There is ${list.route}, and nothing else, below /openai`;
    return formOf(request).refuse({ code: 'NOT_FOUND', status: 404, message, details: {} });
  },
};

/** The point of a path. */
export function listPoint(pathname: string): Found | undefined {
  if (pathname === apiJson.route) return { point: apiJson };
  if (pathname !== '/openai' && !pathname.startsWith('/openai/')) return undefined;
  if (pathname === list.route) return { point: list };
  return { point: pathname.startsWith(modelPrefix) && pathname !== modelPrefix ? model : nothingElse };
}

/** Anthropic's clients send their key in `x-api-key`. */
function credentialsOf({ headers }: PointRequest): string | null {
  const apiKey = headers.get('x-api-key');
  return headers.get('authorization') ?? (apiKey === null ? null : `Bearer ${apiKey}`);
}
