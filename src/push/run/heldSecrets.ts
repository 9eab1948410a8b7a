import { member } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { PushApi } from '../ports.ts';
import type { OldSecretValues } from './oldSecretValues.ts';
import { getOrNone } from './writeStep.ts';

/** The Secrets that an earlier run of a push has written, with the values that the control plane holds of them now. */
export interface HeldSecrets {
  /**
   * To be called between reading Works and looking at them: one with an older value will be written again, and read again
   * then.
   */
  read(templates: Iterable<string>): Promise<void>;
  /** Whether a Work sends those values, as far as that can be told. */
  isSent(work: JsonObject, of: { readonly template: string; readonly cluster: string }): boolean;
}

/** They are kept no longer than Works are waited for, and nowhere else. */
export function createHeldSecrets(
  api: PushApi,
  { written }: Pick<OldSecretValues, 'written'>,
): HeldSecrets {
  const held = new Map<string, JsonObject>();
  return {
    async read(templates) {
      for (const template of new Set(templates)) {
        const known = written.get(template);
        const secret = known && (await getOrNone(api, known.reference));
        if (secret) held.set(template, secret);
        else held.delete(template);
      }
    },
    isSent(work, { template, cluster }) {
      const [known, secret] = [written.get(template), held.get(template)];
      if (!known || !secret || known.overridden.has(cluster)) return true;
      const [sent, wanted] = [member(work, 'data'), member(secret, 'data')];
      return known.keys.every((key) => member(sent, key) === member(wanted, key));
    },
  };
}
