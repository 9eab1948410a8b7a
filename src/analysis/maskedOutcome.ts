import type { JsonObject, Outcome, Variant } from '../engine/index.ts';
import { isSecret, maskErrorText, maskSecret } from './maskSecret.ts';

/** An outcome as it may be shown: a Secret's values masked, in manifests and in texts of errors. */
export function maskedOutcome(outcome: Outcome, template: JsonObject): Outcome {
  const isMasked = (variant: Variant): boolean =>
    isSecret(template) || (variant.manifest !== undefined && isSecret(variant.manifest));
  if (!outcome.variants.some(isMasked)) return outcome;
  const variants = outcome.variants.map((variant): Variant => {
    if (!isMasked(variant)) return variant;
    const { manifest, error } = variant;
    return {
      ...variant,
      ...(manifest ? { manifest: maskSecret(manifest, template, 'after') } : {}),
      ...(error === undefined ? {} : { error: maskErrorText(error) }),
    };
  });
  return { ...outcome, variants };
}
