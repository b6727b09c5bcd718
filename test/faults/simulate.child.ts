import os from 'node:os'
import { run, type Simulation } from './simulation.ts'

os.setPriority(os.constants.priority.PRIORITY_LOW)
console.log(JSON.stringify(run(JSON.parse(process.argv[2] ?? '') as Simulation)))
