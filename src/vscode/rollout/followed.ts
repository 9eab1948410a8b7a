import type { RolloutRequest } from '../../live/index.ts';

/** A rollout as it is kept over the end of the window. */
export interface Followed {
  readonly title: string;
  readonly context: string;
  readonly server: string;
  readonly request: RolloutRequest;
  /** It was said that it has ended. */
  readonly isTold: boolean;
}

/** Reads what an earlier window kept; `undefined` for anything else. */
export function readFollowed(value: unknown): Followed | undefined {
  if (!isRecord(value) || !isRecord(value['request'])) return undefined;
  const { title, context, server, request, isTold } = value;
  const { expectations, since, baseline } = request;
  const isRequest =
    Array.isArray(expectations) &&
    expectations.every(isExpectation) &&
    typeof since === 'number' &&
    isRecord(baseline) &&
    isRecord(baseline['works']) &&
    isRecord(baseline['events']);
  if (!isRequest || typeof isTold !== 'boolean') return undefined;
  if (typeof title !== 'string' || typeof context !== 'string' || typeof server !== 'string') {
    return undefined;
  }
  return { title, context, server, request: request as unknown as RolloutRequest, isTold };
}

function isExpectation(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['template'])) return false;
  const { apiVersion, kind, namespace, name } = value['template'];
  const isNamed = [apiVersion, kind, namespace, name].every((text) => typeof text === 'string');
  return isNamed && Array.isArray(value['clusters']) && typeof value['type'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
