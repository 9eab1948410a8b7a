import { choice, list, long, record, text, time } from './fields.ts';
import type { Schema } from '../types.ts';

/** `status.conditions` of every Flux kind (`metav1.Condition`). */
export const conditions: Schema = list(
  record(
    {
      lastTransitionTime: time('When the status last flipped.'),
      message: text('What happened, for people; empty when there is nothing to say.', {
        maxLength: 32768,
      }),
      observedGeneration: long('Generation of the object this condition was set for.', {
        minimum: 0,
      }),
      reason: text('One CamelCase word for programs that says why, such as `InstallSucceeded`.', {
        minLength: 1,
        maxLength: 1024,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      }),
      status: choice(['True', 'False', 'Unknown'], 'Whether the condition holds.'),
      type: text('What the condition is about, such as `Ready`.', {
        maxLength: 316,
        pattern:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      }),
    },
    'One aspect of the state, such as `Ready`.',
    { required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'] },
  ),
  'How the object is doing; `Ready` sums it up.',
);

/** `status.observedGeneration`. */
export const observedGeneration: Schema = long(
  'Generation of the spec that the controller has last dealt with; behind `metadata.generation` while it lags.',
);

/** `status.lastHandledReconcileAt`. */
export const lastHandledReconcileAt: Schema = text(
  'Last value of the annotation `reconcile.fluxcd.io/requestedAt` that was acted on.',
);
