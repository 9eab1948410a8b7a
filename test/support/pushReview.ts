import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../src/engine/index.ts';
import { readPlane } from '../../src/live/index.ts';
import { preparePush } from '../../src/push/index.ts';
import type {
  ObjectChange,
  PlaneModel,
  PreparePorts,
  PrepareRequest,
  PushReview,
  PushSource,
} from '../../src/push/index.ts';
import { connectSession } from './liveSession.ts';
import type { LiveSession } from './liveSession.ts';

/** Reviews of pushes to a real API server, as the editor makes them. */
export interface Reviewer {
  readonly live: LiveSession;
  readonly ports: PreparePorts;
  review(objects: readonly JsonObject[], choices?: PrepareRequest['choices']): Promise<PushReview>;
  dispose(): void;
}

/** Connects with a context of a kubeconfig and waits until everything is read. */
export async function createReviewer(
  kubeconfig: string,
  context = 'certificate',
): Promise<Reviewer> {
  const live = await connectSession({ kubeconfig, context });
  const model: PlaneModel = {
    model: live.model,
    plane: () => readPlane({ context, model: live.model }, live.session),
    onDidChange(listener) {
      const held = live.session.onDidChangeRows(listener);
      return () => held.dispose();
    },
  };
  const ports: PreparePorts = {
    api: live.session,
    model,
    clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
  };
  return {
    live,
    ports,
    review: (objects, choices) =>
      preparePush(ports, {
        sources: objects.map(toSource),
        ...{ context, server: live.session.target.server, title: 'test' },
        ...(choices ? { choices } : {}),
      }),
    dispose: () => live.dispose(),
  };
}

/** An object as one of a document. */
export function toSource(object: JsonObject): PushSource {
  const metadata = object['metadata'] as { readonly name: string; readonly namespace?: string };
  return {
    reference: {
      apiVersion: object['apiVersion'] as string,
      kind: object['kind'] as string,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
    },
    object,
    uri: 'file:///push.yaml',
    item: metadata.name,
  };
}

/** The change of the object with a name. */
export function changeOf(review: PushReview, name: string): ObjectChange {
  const change = review.changes.find(({ reference }) => reference.name === name);
  if (!change) throw new Error(`the review has no ${name}`);
  return change;
}
