import { arrayMember, isObject, member, stringMember } from '../../engine/index.ts';
import type { JsonObject, StoredPolicy, Variant } from '../../engine/index.ts';
import { printFlow } from '../../yaml/index.ts';
import { listName } from '../listName.ts';
import { isSecret } from '../maskSecret.ts';
import type { PlaintextEntry } from './overrideDifference.ts';

const shownEntries = 4;
const longestValue = 60;

/** What entries do, as a sentence: `/spec/suspend becomes true, /spec/values/x is removed.` */
export function entriesText(
  { template }: { readonly template: JsonObject },
  entries: readonly PlaintextEntry[],
): string {
  const parts = entries.slice(0, shownEntries).map((entry) => partText(entry, isSecret(template)));
  const rest = entries.length - parts.length;
  return `${parts.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

function partText({ path, operator, value }: PlaintextEntry, isMasked: boolean): string {
  if (operator === 'remove') return `${path} is removed`;
  const text = isMasked ? '***' : printFlow(value ?? null);
  const shown = text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  return `${path} becomes ${shown}`;
}

/** Sentences on policies that apply already and set the same: the new rule comes after them. */
export function othersWithAWord(
  overrides: readonly StoredPolicy[],
  variants: readonly Variant[],
  entries: readonly PlaintextEntry[],
): readonly string[] {
  return overrides.flatMap((policy) => {
    const applies = variants.some((variant) =>
      (policy.kind === 'OverridePolicy' ? variant.overrides : variant.clusterOverrides)?.includes(
        policy.name,
      ),
    );
    const path = applies ? sharedPath(policy, entries) : undefined;
    if (path === undefined) return [];
    const name = listName(policy.kind, policy.namespace, policy.name);
    return [
      `${name} sets ${path} too. What is written now applies after it and has the last word.`,
    ];
  });
}

function sharedPath(
  { spec }: StoredPolicy,
  entries: readonly PlaintextEntry[],
): string | undefined {
  for (const rule of arrayMember(spec, 'overrideRules')) {
    const overriders = member(rule, 'overriders');
    if (!isObject(overriders)) continue;
    for (const written of arrayMember(overriders, 'plaintext')) {
      const path = stringMember(written, 'path');
      const isShared = entries.some(
        (entry) =>
          entry.path === path ||
          entry.path.startsWith(`${path}/`) ||
          path.startsWith(`${entry.path}/`),
      );
      if (isShared) return path;
    }
  }
  return undefined;
}
