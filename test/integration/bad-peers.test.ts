import { testBadPeers } from './peer-cases.ts'

testBadPeers('quick')
