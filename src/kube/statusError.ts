import { arrayMember, isObject, member, stringMember } from '../engine/index.ts';
import type { JsonValue } from '../engine/index.ts';
import { KubeError } from '../live/index.ts';
import type { KubeErrorReason } from '../live/index.ts';
import type { Place } from './place.ts';

/** An HTTP answer that is no success. */
export interface FailedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string;
  readonly body: string;
}

const reasons = new Map<number, KubeErrorReason>([
  [400, 'invalid'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [409, 'conflict'],
  [410, 'gone'],
  [415, 'invalid'],
  [422, 'invalid'],
  [429, 'throttled'],
]);

const longestMessage = 2000;

/** What a failed answer says, from its `Status` where it has one. The `Status` is the error's `cause`. */
export function toStatusError(answer: FailedAnswer, place: Place): KubeError {
  const status = parsedStatus(answer.body);
  if (status) return fromStatus(status, place, answer);
  const said = spokenLine(answer);
  return new KubeError(reasonOf(answer.status), sentence(answer.status, said, place, answer), {
    status: answer.status,
    retryAfter: retryAfterOf(answer.retryAfter),
    detail: said,
  });
}

/** The failure that a `Status` object tells: an answer's body or the object of a watch's ERROR event. */
export function fromStatus(status: JsonValue, place: Place, answer?: FailedAnswer): KubeError {
  const code = answer?.status ?? numberMember(status, 'code') ?? 0;
  const message = stringMember(status, 'message').slice(0, longestMessage);
  const details = member(status, 'details');
  return new KubeError(reasonOf(code), sentence(code, message, place, answer), {
    status: code,
    retryAfter:
      retryAfterOf(answer?.retryAfter ?? '') ?? numberMember(details, 'retryAfterSeconds'),
    causes: arrayMember(details, 'causes').map((cause) => ({
      reason: stringMember(cause, 'reason'),
      message: stringMember(cause, 'message'),
      field: stringMember(cause, 'field'),
    })),
    detail: message,
    cause: status,
  });
}

function reasonOf(status: number): KubeErrorReason {
  return reasons.get(status) ?? 'server';
}

function numberMember(value: JsonValue | undefined, key: string): number | undefined {
  const found = member(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

function parsedStatus(body: string): JsonValue | undefined {
  try {
    const value = JSON.parse(body) as JsonValue;
    return isObject(value) && member(value, 'kind') === 'Status' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first line of a plain text, which API servers write in some places; nothing of anything else. */
function spokenLine({ contentType, body }: FailedAnswer): string {
  if (isWebPage(contentType, body) || !/^text\/plain/i.test(contentType)) return '';
  return (
    body
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.slice(0, 200) ?? ''
  );
}

function isWebPage(contentType: string, body: string): boolean {
  return /^text\/html/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(body);
}

function sentence(
  status: number,
  said: string,
  { server, user }: Place,
  answer?: FailedAnswer,
): string {
  const words = said === '' ? '' : `: ${said.replace(/\.$/, '')}`;
  if (answer && isWebPage(answer.contentType, answer.body)) {
    return `${server} answers ${status} with a web page, as a proxy or sign-in page does, not as an API server. Check the server and the proxy.`;
  }
  if (status === 407) {
    return `A proxy on the way to ${server} wants a user name and password. Check http.proxy in VS Code's settings.`;
  }
  if (status >= 300 && status < 400) {
    return `${server} points elsewhere (${status}), as a sign-in page does. Check the server in the kubeconfig.`;
  }
  switch (reasonOf(status)) {
    case 'unauthorized':
      return `${server} does not accept the credentials of the user “${user}”. Sign in again, or check the user in the kubeconfig.`;
    case 'forbidden':
      return `${server} forbids it${words}.`;
    case 'notFound':
      return `${server} does not have it${words}.`;
    case 'conflict':
      return `${server} reports a conflict${words}.`;
    case 'gone':
      return `What was read from ${server} is too old to go on from${words}.`;
    case 'throttled':
      return `${server} has too much to do and asks to wait${words}.`;
    case 'invalid':
      return `${server} refuses the request${words}.`;
    default:
      return `${server} answers with an error (${status})${words}.`;
  }
}

/** Seconds, from seconds or an HTTP date. */
function retryAfterOf(header: string): number | undefined {
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text);
  const date = text === '' ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
