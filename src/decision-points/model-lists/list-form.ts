import { openAiError, refuseAsOpenAi, retryAfterOf, statusOf } from '../openai-error.ts';
import { json, type PointAnswer, type Refusal } from '../point.ts';
import type { PointRequest } from '../point-request.ts';
import { toAnthropicPage, toModelInfo } from './anthropic-list.ts';
import type { ListedModel } from './listed-models.ts';
import { toOpenAiList, toOpenAiModel } from './openai-list.ts';

/** What a list, a model and an error are in the API of a provider. */
export interface ListForm {
  name: string;
  /** @throws ValidationError for a page that there is not */
  list: (models: readonly ListedModel[], query: URLSearchParams, now: Date) => object;
  one: (model: ListedModel, now: Date) => object;
  /** For a name that is no model for the caller. */
  noModel: (message: string, reasons: readonly string[]) => PointAnswer;
  refuse: (refusal: Refusal) => PointAnswer;
}

const openAi: ListForm = {
  name: 'openai',
  list: toOpenAiList,
  one: toOpenAiModel,
  noModel: (message, reasons) =>
    openAiError({ status: 404, message }, { param: 'model', code: 'model_not_found', reasons }),
  refuse: refuseAsOpenAi,
};

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

const anthropic: ListForm = {
  name: 'anthropic',
  list: toAnthropicPage,
  one: toModelInfo,
  noModel: (message, reasons) => anthropicError(404, message, { reasons }),
  refuse: (refusal) => {
    const answer = anthropicError(statusOf(refusal), refusal.message);
    return { ...answer, headers: { ...answer.headers, ...retryAfterOf(refusal) } };
  },
};

function anthropicError(status: number, message: string, more: object = {}): PointAnswer {
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return json({ type: 'error', error: { type, message, ...more } }, status);
}

/** Clients of Anthropic's API say which version of it they speak; all others get OpenAI's form. */
export function formOf({ headers }: PointRequest): ListForm {
  return headers.get('anthropic-version') === null ? openAi : anthropic;
}
