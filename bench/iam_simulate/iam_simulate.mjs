// SPDX-License-Identifier: Apache-2.0
//
// Decisions per second of the npm package @cloud-copilot/iam-simulate on the requests that policy_bench wrote, one
// thread, with its checks of every policy (runSimulation) and without (runUnsafeSimulation).
//
//   node iam_simulate.mjs WORLDS.json SECONDS
//
// Fails when a decision differs from the one in the file: a faster answer to another question is worth nothing.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const [worldsPath, secondsText] = process.argv.slice(2)
const seconds = Number(secondsText)
if (!worldsPath || !(seconds > 0)) {
  console.error('usage: iam_simulate.mjs WORLDS.json SECONDS')
  process.exit(2)
}
// The package is installed in the working directory, not beside this file.
const require = createRequire(path.join(process.cwd(), 'package.json'))
const { runSimulation, runUnsafeSimulation } = await import(
  pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')).href)

const worlds = JSON.parse(readFileSync(worldsPath, 'utf8'))

function simulationsOf(set) {
  return worlds.requests.map((request) => ({
    ...set.policies,
    request: {
      principal: worlds.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: '111122223333' },
      contextVariables: request.context
    }
  }))
}

const decisionOf = (result) => (typeof result === 'string' ? result : result.overallResult)

async function measure(run, simulations, decisions) {
  for (let i = 0; i < simulations.length; i++) {
    const result = await run(simulations[i], {})
    if (decisionOf(result) !== decisions[i]) {
      throw new Error(`request ${i}: expected ${decisions[i]}, got ${JSON.stringify(result).slice(0, 300)}`)
    }
  }
  const until = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9))
  const start = process.cpuUsage()
  let count = 0
  while (process.hrtime.bigint() < until) {
    await run(simulations[count % simulations.length], {})
    count++
  }
  const used = process.cpuUsage(start)
  return count / ((used.user + used.system) / 1e6)
}

console.log('iam-simulate, decisions per second of CPU')
for (const [name, set] of Object.entries(worlds.sets)) {
  const simulations = simulationsOf(set)
  const checked = await measure(runSimulation, simulations, set.decisions)
  // Version 0.1.173 cannot take a resource policy without its checks.
  const unchecked = set.policies.resourcePolicy
    ? '-'
    : (await measure(runUnsafeSimulation, simulations, set.decisions)).toFixed(0)
  console.log(`  ${name.padEnd(8)} ${checked.toFixed(0).padStart(8)} with its checks  ${unchecked.padStart(8)} without`)
}
