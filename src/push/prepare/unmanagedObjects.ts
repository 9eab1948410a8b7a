import type { CancelSignal, PushApi } from '../ports.ts';
import type { Effect, Question } from '../types.ts';

export async function unmanagedObjects(
  _effects: readonly Effect[],
  _request: { readonly api: PushApi; readonly signal?: CancelSignal },
): Promise<readonly Question[]> {
  return [];
}
