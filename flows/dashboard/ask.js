// Says how new the status has to be that the other monitors of the cluster give, where there are others: each second only
// while somebody looks. A little less than that second, or every other one would show what the last did.
/*include viewers.js*/
msg.payload = { as: 'object', scope: 'auto', maxAge: hasViewers() ? 0.8 : 30 }
return msg
