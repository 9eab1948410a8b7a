import { listClusters, naturalOrder } from '../../../analysis/index.ts';
import { memberAt } from '../../../engine/index.ts';
import { isHelmRelease } from '../../../live/index.ts';
import type { Effect, Question } from '../../types.ts';
import { contentsOf } from '../between.ts';
import { isSameManifest } from '../manifest.ts';
import { referenceOf } from '../holds.ts';
import type { Leaving } from '../preserving.ts';
import { label, objectReference, templateLabel, templateReference } from '../labels.ts';
import type { QuestionInput } from './input.ts';

/** What is to be said of what members get in the end. */
export function questionsOnEffects(input: QuestionInput): readonly Question[] {
  return [
    ...input.effects.flatMap(reinstalled),
    ...removed(input.effects),
    ...moved(input.effects),
    ...stuck(input),
    ...input.preserving.uncertain.map(uncertain),
    ...drifted(input),
  ];
}

function reinstalled({ type, template, clusters, reason = '' }: Effect): readonly Question[] {
  if (type !== 'reinstalls') return [];
  const message = `Flux uninstalls ${templateLabel(template)} on ${listClusters(clusters)} and installs it anew. ${reason}`;
  return [
    {
      severity: 'confirm',
      code: 'reinstallation',
      message,
      reference: templateReference(template),
    },
  ];
}

/** One question for a template, whatever its clusters had. */
function removed(effects: readonly Effect[]): readonly Question[] {
  const gone = new Map<
    string,
    { readonly text: string; readonly effect: Effect; clusters: string[] }
  >();
  for (const effect of effects) {
    if (effect.type !== 'removed') continue;
    const text = consequence(effect);
    const id = `${effect.template}\n${text}`;
    const entry = gone.get(id) ?? { text, effect, clusters: [] };
    gone.set(id, entry);
    entry.clusters.push(...effect.clusters);
  }
  return [...gone.values()].map(({ text, effect: { template }, clusters }) => ({
    severity: 'confirm',
    code: 'removal',
    message: `${templateLabel(template)} is deleted on ${listClusters(clusters.sort(naturalOrder))}${text}.`,
    reference: templateReference(template),
  }));
}

/** helm-controller leaves the release alone when a suspended HelmRelease is deleted (`reconcileDelete`). */
function consequence({ template, before }: Effect): string {
  if (!isHelmRelease(templateReference(template))) return '';
  return memberAt(before ?? {}, 'spec', 'suspend') === true
    ? '; being suspended, its Helm release stays installed'
    : ', and its Helm release is uninstalled';
}

/**
 * An override may give an object another name, namespace or kind. A Work is named after what it holds, so that a second
 * one comes to be, and nothing deletes the first while the cluster is chosen (`ensureWork` of
 * `pkg/controllers/binding/common.go`).
 */
function moved(effects: readonly Effect[]): readonly Question[] {
  return effects.flatMap(({ type, template, clusters, before, after }): readonly Question[] => {
    if (!after || type === 'unchanged' || type === 'fails') return [];
    const name = label(objectReference(after));
    const old = before && label(objectReference(before));
    if (name === (old ?? templateLabel(template))) return [];
    const where = listClusters(clusters);
    const message =
      old === undefined
        ? `An override makes ${templateLabel(template)} another object on ${where}: ${name} appears there.`
        : `Nothing changes ${old} into ${name} on ${where}: ${name} appears, and ${old} stays there as it is.`;
    return [
      {
        severity: old === undefined ? 'warning' : 'confirm',
        code: 'not-previewed',
        message,
        reference: templateReference(template),
      },
    ];
  });
}

/**
 * Karmada does not finish deleting a Work that preserves what is not on the member (`cleanupPolicyClaimMetadata` of
 * `pkg/controllers/execution/execution_controller.go`).
 */
function stuck({ ground, effects }: QuestionInput): readonly Question[] {
  return effects.flatMap(({ type, template, clusters }): readonly Question[] => {
    const works = ground.works.get(template);
    const never = clusters.filter((cluster) => works?.get(cluster)?.isApplied === false);
    if (type !== 'kept' || never.length === 0) return [];
    const name = templateLabel(template);
    const message = `${name} has not come to ${listClusters(never)}, and preserveResourcesOnDeletion is on: Karmada cannot finish deleting its ${never.length === 1 ? 'Work' : 'Works'} there, and cannot send it there again. Turn preserveResourcesOnDeletion off in a push before this one.`;
    return [
      { severity: 'warning', code: 'stuck-work', message, reference: templateReference(template) },
    ];
  });
}

function uncertain({ template, clusters, policy, isMixed }: Leaving): Question {
  const because = isMixed
    ? 'the policies that have it in the course of this push do not agree on preserveResourcesOnDeletion, and Karmada may leave out each but the last'
    : `${label(referenceOf(policy))} takes it from there and preserves resources otherwise than now, and Karmada may do either first`;
  const message = `Whether ${templateLabel(template)} stays on ${listClusters(clusters)} is not certain: ${because}.`;
  return {
    severity: 'confirm',
    code: 'uncertain-removal',
    message,
    reference: templateReference(template),
  };
}

/** Works that do not hold what the policies of today make of their templates. */
function drifted({ ground, effects, first }: QuestionInput): readonly Question[] {
  const keys = [...new Set(effects.map(({ template }) => template))];
  return keys.flatMap((key): readonly Question[] => {
    const works = ground.works.get(key);
    const delivery = first.deliveries.get(key);
    if (!works || !delivery) return [];
    const wanted = contentsOf(delivery);
    const apart = [...works].flatMap(([cluster, { manifest }]) => {
      const content = wanted.get(cluster);
      const isSame = content === 'fails' || (content && isSameManifest(manifest, content));
      return isSame ? [] : [cluster];
    });
    if (apart.length === 0) return [];
    const message = `The Works of ${templateLabel(key)} for ${listClusters(apart)} differ from what its policies make of it now: Karmada is not done with an earlier change, or cannot be.`;
    return [{ severity: 'warning', code: 'drifted', message, reference: templateReference(key) }];
  });
}
