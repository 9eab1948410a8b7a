import {
  choice,
  duration,
  flag,
  integer,
  list,
  nameReference,
  record,
  stringMap,
  text,
} from './fields.ts';
import { install, rollback, test, uninstall, upgrade } from './helmReleaseActions.ts';
import { chart, chartRef, type HelmReleaseVersion } from './helmReleaseChart.ts';
import { postRenderers, targetSelector, values, valuesFrom } from './helmReleaseRendering.ts';
import { helmReleaseStatus } from './helmReleaseStatus.ts';
import { has, hasNot } from './rules.ts';
import { columnsAgeFirst } from './source.ts';
import type { Facts } from './fields.ts';
import type { KindSchema, Schema, SchemaRule } from '../types.ts';

type Fields = { readonly [name: string]: Schema };

export const helmReleaseGroup = 'helm.toolkit.fluxcd.io';

const namespaceLength: Facts = { minLength: 1, maxLength: 63 };

const chartOrChartRef: SchemaRule = {
  rule: '(has(self.chart) && !has(self.chartRef)) || (!has(self.chart) && has(self.chartRef))',
  message: 'either chart or chartRef must be set',
  holds: (self) => has(self, 'chart') !== has(self, 'chartRef'),
  since: '2.3',
};

/** What each version says about the spec as a whole. */
const specFacts: { readonly [V in HelmReleaseVersion]: Facts } = {
  v2: { required: ['interval'], rules: [chartOrChartRef] },
  v2beta2: {
    required: ['interval'],
    rules: [chartOrChartRef],
    variants: [{ until: '2.3', schema: { required: ['chart', 'interval'] } }],
  },
  v2beta1: {
    required: ['chart', 'interval'],
    variants: [{ since: '2.3', until: '2.4', schema: { required: ['interval'] } }],
  },
};

function spec(version: HelmReleaseVersion): Schema {
  return record(
    {
      chart: chart(version),
      chartRef: chartRef(version),
      dependsOn: dependsOn(version),
      driftDetection,
      install: install(version),
      interval: duration('How often to check the release, such as `10m` or `1h30m`.'),
      kubeConfig: kubeConfig(version),
      maxHistory: integer('How many releases Helm keeps. Default: 5 (10 before Flux 2.2); 0: all.'),
      persistentClient: flag('Use one client for a whole reconciliation. Default: true.', {
        since: '2.0',
      }),
      postRenderers: postRenderers(version),
      releaseName: text(
        'Name of the release in Helm; `[TARGETNAMESPACE-]NAME` if left out. A change reinstalls.',
        { minLength: 1, maxLength: 53 },
      ),
      rollback: rollback(version),
      serviceAccountName: text(
        'ServiceAccount to act as, in the namespace of this object.',
        version === 'v2beta1' ? {} : { minLength: 1, maxLength: 253 },
      ),
      storageNamespace: text(
        'Namespace for the history of Helm; that of this object if left out. A change reinstalls.',
        namespaceLength,
      ),
      suspend: flag(
        'Stop reconciling. A suspended object that is deleted leaves its release behind.',
      ),
      targetNamespace: text(
        'Namespace to install into; that of this object if left out. A change reinstalls.',
        namespaceLength,
      ),
      test: test(version),
      timeout: duration('How long one step, such as a hook, may take. Default: 5m.'),
      uninstall,
      upgrade: upgrade(version),
      values,
      valuesFrom: valuesFrom(version),
      ...(version === 'v2' ? newerFields : {}),
    },
    'The release that is wanted.',
    specFacts[version],
  );
}

function dependsOn(version: HelmReleaseVersion): Schema {
  const readyExpr = text(
    'CEL over `self` and `dep` that says whether the other release is ready, in place of the usual check.',
    { since: '2.7' },
  );
  return list(
    record(
      {
        name: text('Name of the other HelmRelease.'),
        namespace: text('Its namespace; that of this object if left out.'),
        ...(version === 'v2' ? { readyExpr } : {}),
      },
      'One HelmRelease to wait for.',
      { required: ['name'] },
    ),
    'HelmReleases that must be ready first. They must be in the same member cluster.',
  );
}

const driftDetection = record(
  {
    ignore: list(
      record(
        {
          paths: list(text('JSON pointer, such as `/spec/replicas`.'), 'Places that may differ.'),
          target: targetSelector('The objects that the rule is for; all if left out.'),
        },
        'One rule.',
        { required: ['paths'] },
      ),
      'Differences that do not count.',
    ),
    mode: choice(
      ['enabled', 'warn', 'disabled'],
      'Correct drift, only tell about it, or do not look (default).',
    ),
  },
  'What to do when objects in the cluster differ from what was applied.',
  { since: '2.2' },
);

function kubeConfig(version: HelmReleaseVersion): Schema {
  const secretRef = record(
    {
      key: text('Key of the Secret; `value` or `value.yaml` if left out.'),
      name: text('Name of the Secret, in the namespace of this object.'),
    },
    'Secret that holds a kubeconfig.',
    { required: ['name'] },
  );
  const description = 'Install into another cluster than the one that this object lives in.';
  if (version === 'v2beta1') return record({ secretRef }, description, { required: ['secretRef'] });
  const message =
    'exactly one of spec.kubeConfig.configMapRef or spec.kubeConfig.secretRef must be specified';
  return record(
    {
      configMapRef: nameReference(
        'ConfigMap that says how to log in to a cluster of a cloud provider.',
        'Name of the ConfigMap, in the namespace of this object.',
        { since: '2.7' },
      ),
      secretRef,
    },
    description,
    {
      rules: [
        {
          rule: 'has(self.configMapRef) || has(self.secretRef)',
          message,
          holds: (self) => has(self, 'configMapRef') || has(self, 'secretRef'),
          since: '2.7',
        },
        {
          rule: '!has(self.configMapRef) || !has(self.secretRef)',
          message,
          holds: (self) => hasNot(self, 'configMapRef') || hasNot(self, 'secretRef'),
          since: '2.7',
        },
      ],
      variants: [{ until: '2.7', schema: { required: ['secretRef'] } }],
    },
  );
}

/** Fields that only v2 has. */
const newerFields: Fields = {
  commonMetadata: record(
    {
      annotations: stringMap('Annotations for every object.'),
      labels: stringMap('Labels for every object.'),
    },
    'Labels and annotations for every object of the release; they win over those of the chart.',
    { since: '2.7' },
  ),
  healthCheckExprs: list(
    record(
      {
        apiVersion: text('API version of the custom resources to check.'),
        current: text('CEL that is true when the object is as wanted.'),
        failed: text('CEL that is true when the object has failed.'),
        inProgress: text('CEL that is true while the object is on its way.'),
        kind: text('Kind of the custom resources; all of the API version if left out.'),
      },
      'One kind of custom resource.',
      {
        required: ['apiVersion', 'current'],
        variants: [{ until: '2.9', schema: { required: ['apiVersion', 'current', 'kind'] } }],
      },
    ),
    'How to tell the health of custom resources. Used only while waiting with the `poller` strategy.',
    { since: '2.8' },
  ),
  postRenderStrategy: choice(
    ['nohooks', 'combined', 'separate'],
    'Whether hooks pass through the post renderers: not at all, with the rest (default), or on their own.',
    { since: '2.9' },
  ),
  waitStrategy: record(
    {
      name: choice(
        ['poller', 'legacy'],
        'Poll the status of every object (default), or wait as Helm 3 did.',
      ),
    },
    'How to wait until resources are ready.',
    { required: ['name'], since: '2.8' },
  ),
};

function helmRelease(
  version: HelmReleaseVersion,
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince' | 'categories'>,
): KindSchema {
  return {
    apiVersion: `${helmReleaseGroup}/${version}`,
    kind: 'HelmRelease',
    plural: 'helmreleases',
    shortNames: ['hr'],
    namespaced: true,
    description: 'A Helm chart with its values, installed and kept up to date by Flux.',
    schema: {
      type: 'object',
      properties: { spec: spec(version), status: helmReleaseStatus(version) },
    },
    columns: columnsAgeFirst,
    ...served,
  };
}

/** HelmRelease in every version. */
export const helmReleaseKinds: readonly KindSchema[] = [
  helmRelease('v2', { servedSince: '2.3', categories: ['all', 'fluxcd', 'fluxcd-appliers'] }),
  helmRelease('v2beta2', { servedSince: '2.2', servedUntil: '2.8', deprecatedSince: '2.3' }),
  helmRelease('v2beta1', { servedUntil: '2.7', deprecatedSince: '2.2' }),
];
