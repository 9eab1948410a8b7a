import { isReleaseKind, objectKey } from '../../live/index.ts';
import type { FleetModel } from '../../live/index.ts';
import type { CancelSignal, PushApi, PushClock, PushModel } from '../ports.ts';
import type { PushReview, PushStep } from '../types.ts';
import { createReadiness } from '../waves/readiness.ts';
import type { Unready } from '../waves/readiness.ts';
import { templateKey } from '../waves/templateKey.ts';
import type { OldSecretValues } from './oldSecretValues.ts';
import { templateName, toReference } from './templateName.ts';
import { createWorksCheck } from './worksCheck.ts';

/** A step that waits. */
export type WaitStep = Extract<PushStep, { type: 'settle' | 'ready' }>;

export interface WaitRequest {
  readonly api: PushApi;
  readonly model: PushModel;
  readonly clock: PushClock;
  readonly step: WaitStep;
  /** Of the push that it is a step of. */
  readonly review: PushReview;
  readonly secrets: OldSecretValues;
  /** Milliseconds after which the push stops. */
  readonly limit: number;
  readonly signal: CancelSignal | undefined;
  /** Whether the user wants to go on without waiting. */
  readonly isSkipped: () => boolean;
  /** Called when what is waited for is another. */
  readonly waitingFor: (what: readonly string[]) => void;
}

export type WaitAnswer =
  | { readonly type: 'done' | 'cancelled' | 'skipped' }
  | { readonly type: 'late'; readonly missing: readonly string[] }
  /** What is waited for has failed, and does not come by itself. */
  | { readonly type: 'failed'; readonly failed: readonly string[] };

/** Time for Karmada's caches where there is nothing to look at. */
const shortPause = 2000;
/** How often at least it is looked, should the rows have missed something. */
const pace = 1000;

/** Waits until Works are as expected or releases ready. Rejects with nothing: what cannot be read is not yet there. */
export async function waitStep(request: WaitRequest): Promise<WaitAnswer> {
  const { step, clock, signal } = request;
  if (step.type === 'settle' && step.works.length === 0) {
    await clock.sleep(shortPause, signal);
    return { type: signal?.aborted === true ? 'cancelled' : 'done' };
  }
  const check = createCheck(request);
  const end = clock.now() + request.limit;
  let told = '';
  for (;;) {
    const { missing, failed } = await check();
    if (missing.length === 0) return { type: 'done' };
    if (signal?.aborted === true) return { type: 'cancelled' };
    if (request.isSkipped()) return { type: 'skipped' };
    if (failed.length > 0) return { type: 'failed', failed };
    if (clock.now() >= end) return { type: 'late', missing };
    const text = missing.join('\n');
    if (text !== told) request.waitingFor(missing);
    told = text;
    await changeOrPause(request);
  }
}

/** Resolves at the next change of rows, after a moment, or when the push is cancelled. */
async function changeOrPause({ model, clock, signal }: WaitRequest): Promise<void> {
  const pause = createPause();
  const stop = model.onDidChange(pause.end);
  signal?.addEventListener('abort', pause.end, { once: true });
  try {
    if (signal?.aborted !== true) await clock.sleep(pace, pause.signal);
  } finally {
    stop();
    signal?.removeEventListener('abort', pause.end);
  }
}

/** A signal that ends a sleep early, so that no timer is left behind. */
function createPause(): { readonly signal: CancelSignal; readonly end: () => void } {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    end() {
      aborted = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}

function createCheck({
  step,
  api,
  model,
  clock,
  review,
  secrets,
}: WaitRequest): () => Promise<Unready> {
  if (step.type === 'ready') {
    const readiness = createReadiness(review, step);
    return () =>
      Promise.resolve(
        readiness?.(model.model, clock.now()) ?? {
          missing: notReady(model.model, step.templates, step.clusters),
          failed: [],
        },
      );
  }
  // A dry run could not say yet what the server makes of these.
  const unknown = new Set(
    review.changes
      .filter(({ type, checkedBy }) => type === 'create' && checkedBy === 'engine')
      .map(({ reference }) => templateKey(reference)),
  );
  const missingWorks = createWorksCheck(step.works, {
    api,
    model: () => model.model,
    clock,
    hasDefaults: (template) => unknown.has(template),
    secrets,
  });
  return async () => ({ missing: await missingWorks(), failed: [] });
}

/** Where nothing tells what there was before, what is told may be of that: only readiness counts. */
function notReady(
  model: FleetModel,
  templates: readonly string[],
  clusters: readonly string[],
): readonly string[] {
  return templates.flatMap((template) => {
    const reference = toReference(template);
    if (!isReleaseKind(reference)) return [];
    return clusters.flatMap((cluster) => {
      const judgement = model.judge(objectKey(reference), cluster);
      if (judgement?.state === 'ready') return [];
      const why = judgement && judgement.message !== '' ? `: ${judgement.message}` : '';
      return [`${templateName(template)} on ${cluster}${why}`];
    });
  });
}
