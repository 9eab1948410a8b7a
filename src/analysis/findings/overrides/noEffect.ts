import { arrayMember, member, stringMember, prunedMetadata } from '../../../engine/index.ts';
import type { JsonValue, OverrideEntry, StoredPolicy, TraceEvent } from '../../../engine/index.ts';
import { overrideTraces } from '../../overrideTraces.ts';
import { overrideUses } from '../../overrideUses.ts';
import type { OverrideUse } from '../../overrideUses.ts';
import { pointerSteps } from '../../pointer.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { nameTemplates } from '../templateNames.ts';
import { placeOfEntry } from './entryFacts.ts';
import { writtenEntry } from './writtenPaths.ts';

/** What is known of the entries of a policy so far. */
interface Survey {
  /** Ran and never changed anything. */
  readonly idle: Set<OverrideEntry>;
  /** Changed something, or nobody can tell. */
  readonly settled: Set<OverrideEntry>;
}

/**
 * `override-no-effect` on every entry that runs and changes nothing on any cluster of any template, and on those that
 * only change what Karmada takes away before it delivers.
 */
export function noEffect(snapshot: Snapshot): readonly Finding[] {
  return overrideUses(snapshot).flatMap((use) => {
    const { idle, settled } = surveyOf(snapshot, use);
    const idleFindings = [...idle].flatMap((entry) => {
      const written = writtenEntry(use.policy, entry);
      return isEmpty(entry, written)
        ? []
        : [findingOf(use, entry, idleReason(use, entry, written))];
    });
    const pruned = [...settled].flatMap((entry) => {
      const field = prunedField(entry, writtenEntry(use.policy, entry));
      return field === undefined
        ? []
        : [
            findingOf(use, entry, {
              message: `Karmada takes ${field} out of what it delivers, so this has no effect. Remove it.`,
            }),
          ];
    });
    return [...idleFindings, ...pruned];
  });
}

function findingOf({ item }: OverrideUse, entry: OverrideEntry, reason: Reason): Finding {
  return { code: 'override-no-effect', ...placeOfEntry(item, entry), ...reason };
}

/** An entry that may be meant to find nothing to do, such as a precaution, is only an information. */
type Reason = Pick<Finding, 'message' | 'severity'>;

/** Asks template after template until every entry of the policy has been seen to change something. */
function surveyOf(snapshot: Snapshot, { policy, templates }: OverrideUse): Survey {
  const survey: Survey = { idle: new Set(), settled: new Set() };
  const count = entryCount(policy);
  for (const template of templates) {
    for (const { events } of overrideTraces(snapshot, template)) {
      for (const event of events) if (isOf(event, policy)) take(survey, event);
    }
    if (survey.settled.size >= count) break;
  }
  return survey;
}

function isOf({ entry }: TraceEvent, { kind, namespace, name }: StoredPolicy): boolean {
  const { policy } = entry;
  return policy.name === name && policy.kind === kind && (policy.namespace ?? '') === namespace;
}

function take({ idle, settled }: Survey, { entry, type }: TraceEvent): void {
  if (type === 'notTargeted' || settled.has(entry)) return;
  if (type === 'noEffect') {
    idle.add(entry);
    return;
  }
  idle.delete(entry);
  settled.add(entry);
}

const entryCounts = new WeakMap<StoredPolicy, number>();

function entryCount(policy: StoredPolicy): number {
  let count = entryCounts.get(policy);
  if (count === undefined) {
    const spec = member(policy.object, 'spec');
    const rules = arrayMember(spec, 'overrideRules');
    count = (rules.length > 0 ? rules : [spec ?? null])
      .flatMap((rule) => Object.values(member(rule, 'overriders') ?? {}))
      .reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
    entryCounts.set(policy, count);
  }
  return count;
}

/** An entry that says nothing, as one that somebody is still typing, is no finding. */
function isEmpty({ overrider }: OverrideEntry, written: JsonValue | undefined): boolean {
  if (overrider !== 'labelsOverrider' && overrider !== 'annotationsOverrider') return false;
  return Object.keys(member(written, 'value') ?? {}).length === 0;
}

const podOverriders = new Set(['imageOverrider', 'commandOverrider', 'argsOverrider']);

function idleReason(
  { templates }: OverrideUse,
  { overrider }: OverrideEntry,
  written: JsonValue | undefined,
): Reason {
  const names = nameTemplates(templates);
  const kinds = [...new Set(templates.map(({ item }) => item.kind))];
  const isPredicated = member(written, 'predicate') !== undefined;
  if (podOverriders.has(overrider) && !isPredicated && !kinds.some((kind) => podKinds.has(kind))) {
    const remedy =
      overrider === 'imageOverrider'
        ? 'set predicate.path to where the image stands'
        : 'use a plaintext entry';
    const lack = kinds.length === 1 ? `a ${kinds.join('')} does` : `${names} do`;
    return {
      message: `${overrider} looks for containers, which ${lack} not have, so this changes nothing; ${remedy}.`,
    };
  }
  if (overrider === 'labelsOverrider' || overrider === 'annotationsOverrider') {
    const what = overrider === 'labelsOverrider' ? 'label' : 'annotation';
    const absence = `No ${what} of this name is on ${names}, so there is nothing to`;
    switch (stringMember(written, 'operator')) {
      case 'replace':
        return { message: `${absence} replace. Use add, or remove this entry.` };
      case 'remove':
        return { message: `${absence} remove. Remove this entry.`, severity: 'information' };
    }
  }
  const verb = templates.length > 1 ? 'have' : 'has';
  return {
    message: `This changes nothing on any cluster: ${names} already ${verb} what it says. Remove it, or change its value.`,
    severity: 'information',
  };
}

/** The kinds into whose containers Karmada looks, told by name alone (`pkg/util/overridemanager`). */
const podKinds = new Set(['Pod', 'ReplicaSet', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job']);

function prunedField(
  { overrider }: OverrideEntry,
  written: JsonValue | undefined,
): string | undefined {
  if (overrider !== 'plaintext') return undefined;
  const [root = '', field = ''] = pointerSteps(stringMember(written, 'path'));
  if (root === 'status') return 'status';
  return root === 'metadata' && prunedMetadata.includes(field) ? `metadata.${field}` : undefined;
}
