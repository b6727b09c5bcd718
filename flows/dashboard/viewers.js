// Knows which pages are open, and gives one that opens what is known now, without waiting for the next second.
/*include viewers.js*/
const socket = msg._client?.socketId ?? 'unnamed'
if (msg.payload === 'connect') viewers[socket] = true
if (msg.payload === 'lost' && socket !== 'unnamed') delete viewers[socket]
return msg.payload === 'connect' && flow.get('status') ? { topic: 'again', isLookedAt: true } : null
