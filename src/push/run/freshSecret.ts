import { isSecret } from '../../analysis/index.ts';
import { deepEqual } from '../../engine/index.ts';
import type { PushSource, PushStep } from '../types.ts';
import { isSameReference } from './stepHistory.ts';
import { lacksSecretValues, withoutSecretValues } from './withoutSecretValues.ts';

/** An apply of a Secret from its document as it is now, if all but the values is as it was reviewed. */
export function withFreshSecret(step: PushStep, sources: readonly PushSource[]): PushStep {
  if (step.type !== 'apply' || !step.change.source) return step;
  const kept = step.change.source;
  if (!isSecret(kept.object) || !lacksSecretValues(kept.object)) return step;
  const fresh = sources.find(({ reference }) => isSameReference(reference, kept.reference));
  if (!fresh || !deepEqual(withoutSecretValues(fresh.object), kept.object)) return step;
  return { ...step, change: { ...step.change, source: fresh } };
}
