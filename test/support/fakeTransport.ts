import { KubeError } from '../../src/live/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { KubeRequest, Transport } from '../../src/kube/types.ts';

/** What a path answers: an object, a failure, or a function of the request. */
export type Answer =
  JsonObject | KubeError | ((request: KubeRequest) => JsonObject | Promise<JsonObject>);

export interface FakeTransport extends Transport {
  readonly requests: readonly KubeRequest[];
}

/** A transport that answers by path from a table; what is not in it is not found. */
export function fakeTransport(answers: Readonly<Record<string, Answer>>): FakeTransport {
  const requests: KubeRequest[] = [];
  return {
    answer: () => Promise.reject(new Error('not scripted')),
    server: 'https://fake',
    socketCount: 0,
    requests,
    async request<T>(request: KubeRequest): Promise<T> {
      requests.push(request);
      const answer = Object.hasOwn(answers, request.path) ? answers[request.path] : undefined;
      if (answer === undefined) {
        throw new KubeError('notFound', `${request.path} is not there.`, { status: 404 });
      }
      if (answer instanceof KubeError) throw answer;
      return (typeof answer === 'function' ? await answer(request) : answer) as T;
    },
    text: () => Promise.reject(new Error('not scripted')),
    stream: () => Promise.reject(new Error('not scripted')),
    dispose() {},
  };
}
