import { window } from 'vscode';
import { sortNaturally } from '../../analysis/index.ts';
import type { FleetModel, ObjectReference } from '../../live/index.ts';
import { bindingsOf, clustersOf, prepareDispatch, type DispatchRequest } from '../../push/index.ts';
import { act } from '../acting/acting.ts';
import { treeTargets, type TreeTarget } from '../acting/treeTargets.ts';
import { isAnalysed } from '../analysed.ts';
import { showInformation, showWarning } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Pushes } from '../push/pushes.ts';
import { hindrances } from '../push/pushTexts.ts';
import { revealPush, sayHindrance } from '../push/runReview.ts';
import { objectAt } from '../whyTarget.ts';

type Action = DispatchRequest['action'];

const titles: Readonly<Record<Action, string>> = {
  hold: 'Hold Dispatch',
  resume: 'Resume Dispatch',
};

/** What is held or let go: policies, and the clusters. */
interface Choice {
  readonly policies: readonly ObjectReference[];
  readonly clusters: DispatchRequest['clusters'];
  readonly templates: readonly string[];
}

/** Reviews a hold of dispatch, or its end, for the lines or the place of the editor that it was called on. */
export async function changeDispatch(
  pushes: Pushes,
  action: Action,
  args: readonly unknown[],
): Promise<void> {
  const choice = await act(
    pushes.parts,
    { interests: ['clusters', 'releases', 'objects'], writes: true },
    ({ model }) => choose(pushes, model, action, args),
  );
  if (!choice) return;
  const { stage } = pushes;
  const review = await pushes.review({
    progress: `Preparing to ${titles[action].toLowerCase()}`,
    prepare: (ports, on, _choices, signal) =>
      prepareDispatch(ports, { action, ...choice, ...on }, signal),
  });
  if (!review) return;
  const isHindered = hindrances(review).length > 0;
  if (!isHindered && review.steps.length > 0) {
    await revealPush();
    return;
  }
  // Nothing is to be reviewed: what stopped before is shown again.
  pushes.setStage(stage.type === 'stopped' ? stage : { type: 'none' });
  const [said] = review.questions;
  if (isHindered) await sayHindrance(pushes, review);
  else if (said) void showWarning(said.message);
}

async function choose(
  pushes: Pushes,
  model: FleetModel,
  action: Action,
  args: readonly unknown[],
): Promise<Choice | undefined> {
  const given = treeTargets(args);
  const targets = given.length > 0 ? given : await atCursor(pushes, model);
  const policies =
    targets.length > 0 ? policiesOf(model, targets) : await pickPolicy(model, action);
  if (!policies) return undefined;
  if (policies.length === 0) {
    const isHeld = targets.some(({ reference }) => model.bindingOf(reference)?.suspended);
    const why = isHeld
      ? ' Its binding keeps the hold of an earlier one until another claims it.'
      : '';
    void showInformation(`No propagation policy dispatches it.${why}`);
    return undefined;
  }
  const templates = targets
    .filter(({ reference }) => !isPolicy(reference))
    .map(({ reference }) => model.bindingOf(reference)?.template)
    .filter((template) => template !== undefined)
    .map(({ apiVersion, kind, namespace, name }) => `${apiVersion}/${kind}/${namespace}/${name}`);
  const named = targets.map(({ cluster }) => cluster).filter((cluster) => cluster !== undefined);
  const clusters =
    named.length > 0 && named.length === targets.length
      ? [...new Set(named)]
      : await pickClusters(model, action, policies);
  return clusters && { policies, clusters, templates };
}

function isPolicy({ apiVersion, kind }: ObjectReference): boolean {
  return apiVersion.startsWith('policy.karmada.io/') && kind.endsWith('PropagationPolicy');
}

const policyVersion = 'policy.karmada.io/v1alpha1';

function policiesOf(model: FleetModel, targets: readonly TreeTarget[]): readonly ObjectReference[] {
  const found = targets.flatMap(({ reference }): readonly ObjectReference[] => {
    if (isPolicy(reference)) return [reference];
    const policy = model.bindingOf(reference)?.policy;
    return policy ? [{ apiVersion: policyVersion, ...policy }] : [];
  });
  return [
    ...new Map(found.map((one) => [`${one.kind}/${one.namespace}/${one.name}`, one])).values(),
  ];
}

/** The release or the policy at the cursor, if the control plane has it. */
async function atCursor(pushes: Pushes, model: FleetModel): Promise<readonly TreeTarget[]> {
  const editor = window.activeTextEditor;
  if (!editor || !isAnalysed(editor.document)) return [];
  const documents = await pushes.parts.documents();
  await documents.whenReady;
  const reference = objectAt(documents.workspace, model, editor.document, editor.selection.active);
  const isKnown = reference && (isPolicy(reference) || model.bindingOf(reference));
  return isKnown ? [{ reference }] : [];
}

async function pickPolicy(
  model: FleetModel,
  action: Action,
): Promise<readonly ObjectReference[] | undefined> {
  const all = [...model.rows('objects').values()].filter(isPolicy);
  const items = sortNaturally(all, ({ name, namespace }) => `${name} ${namespace}`).map(
    ({ apiVersion, kind, namespace, name }) => {
      const reference = { apiVersion, kind, namespace, name };
      const templates = bindingsOf(model, reference).map(({ template }) => template.name);
      return {
        label: plainLabel(name),
        description: plainLabel([kind, namespace].filter(Boolean).join(' · ')),
        detail: plainLabel(templates.length === 0 ? 'propagates nothing' : templates.join(', ')),
        reference,
      };
    },
  );
  if (items.length === 0) {
    void showInformation('There is no propagation policy.');
    return undefined;
  }
  const picked = await window.showQuickPick(items, {
    title: titles[action],
    placeHolder: 'Which policy?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked && [picked.reference];
}

async function pickClusters(
  model: FleetModel,
  action: Action,
  policies: readonly ObjectReference[],
): Promise<DispatchRequest['clusters'] | undefined> {
  const bindings = policies.flatMap((policy) => bindingsOf(model, policy));
  const held = bindings.flatMap(({ suspended }) =>
    suspended === undefined || suspended === 'all' ? [] : suspended,
  );
  const names = new Set([...bindings.flatMap(clustersOf), ...(action === 'resume' ? held : [])]);
  const isHeld = (cluster: string) =>
    bindings.some(
      ({ suspended }) => suspended === 'all' || (suspended?.includes(cluster) ?? false),
    );
  const clusters = sortNaturally([...names], (name) => name);
  const picked = await window.showQuickPick(
    clusters.map((cluster) => ({
      label: plainLabel(cluster),
      description: isHeld(cluster) ? 'held' : '',
      picked: action === 'resume' ? isHeld(cluster) : true,
      cluster,
    })),
    {
      title: titles[action],
      placeHolder:
        action === 'hold'
          ? 'On which clusters? All picked: also on those that are added later.'
          : 'On which clusters?',
      canPickMany: true,
    },
  );
  if (!picked || (picked.length === 0 && clusters.length > 0)) return undefined;
  return picked.length === clusters.length ? 'all' : picked.map(({ cluster }) => cluster);
}
