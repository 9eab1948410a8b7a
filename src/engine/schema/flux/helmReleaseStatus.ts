import { conditions, lastHandledReconcileAt, observedGeneration } from './conditions.ts';
import { choice, integer, list, long, record, text, time } from './fields.ts';
import type { HelmReleaseVersion } from './helmReleaseChart.ts';
import type { Schema } from '../types.ts';

type Fields = { readonly [name: string]: Schema };

/** `status` of a HelmRelease. */
export function helmReleaseStatus(version: HelmReleaseVersion): Schema {
  return record(
    {
      conditions,
      failures: long('Failed attempts since the last success or the last change.'),
      helmChart: text('The generated HelmChart, `NAMESPACE/NAME`.'),
      history: history(version),
      installFailures: long('Failed installations since the last success or change.'),
      lastAttemptedConfigDigest: text('Digest of the values of the last attempt.', {
        since: '2.2',
      }),
      lastAttemptedGeneration: long('Generation of the HelmRelease at the last attempt.', {
        since: '2.2',
      }),
      lastAttemptedReleaseAction:
        version === 'v2beta1'
          ? text('What the last attempt did.', { since: '2.2' })
          : choice(['install', 'upgrade'], 'What the last attempt did.'),
      lastAttemptedRevision: text('Version of the chart at the last attempt.'),
      lastAttemptedValuesChecksum: text(
        'SHA-1 of the values of the last attempt; `lastAttemptedConfigDigest` took its place.',
        { deprecated: true },
      ),
      lastHandledForceAt: text(
        'Last value of the annotation `reconcile.fluxcd.io/forceAt` that was acted on.',
        { since: '2.2' },
      ),
      lastHandledReconcileAt,
      lastHandledResetAt: text(
        'Last value of the annotation `reconcile.fluxcd.io/resetAt` that was acted on.',
        { since: '2.2' },
      ),
      lastReleaseRevision: integer('Number of the last release in the history of Helm.', {
        deprecated: true,
      }),
      observedGeneration,
      observedPostRenderersDigest: text('Digest of the post renderers of the last good release.', {
        since: '2.3',
      }),
      storageNamespace: text('Namespace that holds the history of the current release.', {
        ...(version === 'v2beta1' ? {} : { minLength: 1, maxLength: 63 }),
        since: '2.2',
      }),
      upgradeFailures: long('Failed upgrades since the last success or change.'),
      ...(version === 'v2'
        ? newerFields
        : { lastAppliedRevision: text('Version of the chart of the last good release.') }),
      ...(version === 'v2beta1'
        ? {}
        : {
            lastAttemptedRevisionDigest: text(
              'Digest of the chart at the last attempt, for charts from an OCIRepository.',
              { since: '2.3' },
            ),
          }),
    },
    'What helm-controller last saw and did.',
    { default: { observedGeneration: -1 } },
  );
}

const newerFields: Fields = {
  inventory: record(
    {
      entries: list(
        record(
          {
            id: text('The object, `NAMESPACE_NAME_GROUP_KIND`.'),
            v: text('Version of its API.'),
          },
          'One object of the release.',
          { required: ['id', 'v'] },
        ),
        'The objects of the release.',
      ),
    },
    'The objects that the release has made in the cluster.',
    { required: ['entries'], since: '2.8' },
  ),
  lastAttemptedReleaseActionDuration: text('How long the last attempt took.', { since: '2.7' }),
  observedCommonMetadataDigest: text('Digest of `spec.commonMetadata` of the last good release.', {
    since: '2.7',
  }),
};

function history(version: HelmReleaseVersion): Schema {
  return list(
    record(
      {
        ...(version === 'v2'
          ? { action: text('What made this release, such as `upgrade`.', { since: '2.8' }) }
          : {}),
        apiVersion: text('Version of the rules by which `digest` was computed.'),
        appVersion: text('Version of the application, as the chart says.', { since: '2.3' }),
        chartName: text('Name of the chart.'),
        chartVersion: text('Version of the chart.'),
        configDigest: text('Digest of the values.'),
        deleted: time('When the release was uninstalled.'),
        digest: text('Digest of the release in the storage of Helm.'),
        firstDeployed: time('When the release was first installed.'),
        lastDeployed: time('When this release was deployed.'),
        name: text('Name of the release.'),
        namespace: text('Namespace of the release.'),
        ociDigest: text('Digest of the OCI artifact that held the chart.', { since: '2.3' }),
        status: text('State of the release in Helm, such as `deployed` or `failed`.'),
        testHooks: {
          type: 'object',
          description: 'Results of the tests of the chart, by their names.',
          additionalProperties: record(
            {
              lastCompleted: time('When the test last ended.'),
              lastStarted: time('When the test last began.'),
              phase: text('How the test went, such as `Succeeded`.'),
            },
            'The result of one test.',
          ),
        },
        version: integer('Number of the release in the history of Helm.'),
      },
      'One release.',
      {
        required: [
          'chartName',
          'chartVersion',
          'configDigest',
          'digest',
          'firstDeployed',
          'lastDeployed',
          'name',
          'namespace',
          'status',
          'version',
        ],
      },
    ),
    'The last releases, newest first, back to the last good one before the current.',
    { since: '2.2' },
  );
}
