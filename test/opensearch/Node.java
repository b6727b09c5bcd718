import static org.codelibs.opensearch.runner.OpenSearchRunner.newConfigs;

import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of OpenSearch: the folder of its data, then names and values of settings. The runner's own command line makes
 * nodes that cannot ingest, which is why this one is here.
 */
public class Node {
  public static void main(String[] args) throws Exception {
    new OpenSearchRunner()
        .onBuild((number, settings) -> {
          for (int at = 1; at + 1 < args.length; at += 2) settings.put(args[at], args[at + 1]);
        })
        .build(newConfigs().basePath(args[0]).numOfNode(1).useLogger());
    Thread.currentThread().join();
  }
}
