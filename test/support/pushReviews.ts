import { memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { ObjectReference } from '../../src/live/index.ts';
import type { ObjectChange, PushReview, PushStep } from '../../src/push/index.ts';

/** The reference of an object of a namespace. */
export function referenceTo(object: JsonObject): ObjectReference {
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(memberAt(object, 'metadata'), 'namespace'),
    name: stringMember(memberAt(object, 'metadata'), 'name'),
  };
}

/** A change as a review has it, made without a server's dry run. */
export function changeTo(
  object: JsonObject,
  before?: JsonObject,
  more: Partial<ObjectChange> = {},
): ObjectChange {
  const reference = referenceTo(object);
  return {
    reference,
    type: before ? 'change' : 'create',
    ...(before && { before }),
    after: object,
    checkedBy: 'engine',
    source: { reference, object, uri: 'file:///push.yaml', item: reference.name },
    conflicts: [],
    verdicts: [],
    ...more,
  };
}

/** A review that applies changes in their order, one step each. */
export function reviewOf(changes: readonly ObjectChange[], server = 'https://test'): PushReview {
  return withSteps(
    changes.map((change, index) => ({
      type: change.type === 'delete' ? 'delete' : 'apply',
      id: `step-${index}`,
      change,
    })),
    server,
  );
}

/** A review of steps. */
export function withSteps(steps: readonly PushStep[], server = 'https://test'): PushReview {
  return {
    type: 'push',
    title: 'push.yaml',
    context: 'test',
    server,
    changes: steps.flatMap((step) => ('change' in step ? [step.change] : [])),
    steps,
    effects: [],
    questions: [],
  };
}
