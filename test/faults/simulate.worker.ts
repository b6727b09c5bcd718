import { parentPort, workerData } from 'node:worker_threads'
import { run } from './simulation.ts'

parentPort?.postMessage(run(workerData))
