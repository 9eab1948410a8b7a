import { stringMember, versionOf } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { interpreterOf } from '../findings/completeness/interpreters.ts';
import type { Finding } from '../findings/finding.ts';
import { propagationUses } from '../propagationUses.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { newDocument } from './newDocument.ts';

/**
 * Healthy is what Flux has brought to its end: the condition Ready is True and speaks of the object as it is now. A
 * suspended release is judged by its last result.
 */
const health = `function InterpretHealth(observedObj)
  local status = observedObj.status
  if status == nil or status.conditions == nil then
    return false
  end
  local suspended = observedObj.spec ~= nil and observedObj.spec.suspend == true
  if not suspended and status.observedGeneration ~= observedObj.metadata.generation then
    return false
  end
  for _, condition in ipairs(status.conditions) do
    if condition.type == 'Ready' then
      return condition.status == 'True'
    end
  end
  return false
end
`;

/** What a release needs beside it in its namespace: the source of its chart, values, credentials. */
const dependencies = `function GetDependencies(desiredObj)
  local namespace = desiredObj.metadata.namespace
  local spec = desiredObj.spec
  local found = {}
  local seen = {}
  local function need(apiVersion, kind, name)
    if kind == nil or name == nil or name == '' then
      return
    end
    local key = kind .. '/' .. name
    if seen[key] == nil then
      seen[key] = true
      table.insert(found, { apiVersion = apiVersion, kind = kind, namespace = namespace, name = name })
    end
  end
  local function source(ref)
    if ref ~= nil and (ref.namespace == nil or ref.namespace == '' or ref.namespace == namespace) then
      need('source.toolkit.fluxcd.io/v1', ref.kind, ref.name)
    end
  end
  if spec.chart ~= nil and spec.chart.spec ~= nil then
    source(spec.chart.spec.sourceRef)
    local verify = spec.chart.spec.verify
    if verify ~= nil and verify.secretRef ~= nil then
      need('v1', 'Secret', verify.secretRef.name)
    end
  end
  source(spec.chartRef)
  if spec.valuesFrom ~= nil then
    for _, ref in ipairs(spec.valuesFrom) do
      need('v1', ref.kind, ref.name)
    end
  end
  if spec.kubeConfig == nil then
    need('v1', 'ServiceAccount', spec.serviceAccountName)
  else
    if spec.kubeConfig.secretRef ~= nil then
      need('v1', 'Secret', spec.kubeConfig.secretRef.name)
    end
    if spec.kubeConfig.configMapRef ~= nil then
      need('v1', 'ConfigMap', spec.kubeConfig.configMapRef.name)
    end
  end
  return found
end
`;

const scripts = { healthInterpretation: health, dependencyInterpretation: dependencies };
const purposes = { healthInterpretation: 'health', dependencyInterpretation: 'dependencies' };

/** A ResourceInterpreterCustomization that tells Karmada about a version of HelmRelease. */
export function helmReleaseCustomization(
  apiVersion: string,
  interpretation: keyof typeof scripts,
): JsonObject {
  const version = versionOf(apiVersion);
  return {
    apiVersion: 'config.karmada.io/v1alpha1',
    kind: 'ResourceInterpreterCustomization',
    metadata: { name: `helmrelease-${version}-${purposes[interpretation]}` },
    spec: {
      target: { apiVersion, kind: 'HelmRelease' },
      customizations: { [interpretation]: { luaScript: scripts[interpretation] } },
    },
  };
}

/** Writes the rules for the health of the releases that the policy propagates. */
export function healthNotInterpreted(snapshot: Snapshot, { item }: Finding): readonly Fix[] {
  const use = propagationUses(snapshot).find((one) => one.item.source === item.source);
  const versions = (use?.claimed ?? [])
    .filter((template) => template.item.kind === 'HelmRelease')
    .flatMap(({ simulation }) =>
      simulation ? stringMember(simulation.template, 'apiVersion') : [],
    )
    .filter(
      (apiVersion) =>
        interpreterOf(snapshot, { apiVersion, kind: 'HelmRelease' }, 'healthInterpretation') ===
        'none',
    );
  const [apiVersion] = versions;
  if (apiVersion === undefined) return [];
  const object = helmReleaseCustomization(apiVersion, 'healthInterpretation');
  const edit = newDocument(item.file, object);
  return edit ? [{ title: 'Tell Karmada when a HelmRelease is healthy', edits: [edit] }] : [];
}

/** Removes the switch, or writes the rules that make it work for HelmReleases. */
export function propagateDepsIgnored(snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const change = { type: 'remove', path } as const;
  const removal = fixBy('Remove propagateDeps', [{ item, change }], { preferred: true });
  const use = propagationUses(snapshot).find((one) => one.item.source === item.source);
  const release = use?.claimed.find((template) => template.item.kind === 'HelmRelease');
  if (!release?.simulation) return removal;
  const apiVersion = stringMember(release.simulation.template, 'apiVersion');
  const object = helmReleaseCustomization(apiVersion, 'dependencyInterpretation');
  const edit = newDocument(item.file, object);
  const title = 'Tell Karmada what a HelmRelease depends on';
  return [...removal, ...(edit ? [{ title, edits: [edit] }] : [])];
}
