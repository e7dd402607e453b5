package dev.berth.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what makes a shell complete the words of {@code berth}. */
@Command(
    name = "completion",
    customSynopsis = "bash|zsh|fish",
    description = "Print the completion script of a shell.")
final class CompletionCommand extends Base {
  /** Each asks the program itself for words, so that nothing has to be kept in step. */
  private static final Map<String, String> SCRIPTS =
      Map.of(
          "bash",
          """
          # source <(berth completion bash)
          _berth() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
              COMPREPLY+=("${line%%$'\\t'*}")
            done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
          }
          complete -o default -F _berth berth
          """,
          "zsh",
          """
          #compdef berth
          # source <(berth completion zsh)
          _berth() {
            local -a found
            found=("${(@f)$("${words[1]}" __complete "${(@)words[2,$CURRENT]}" 2> /dev/null)}")
            if [[ -n "${found[1]}" ]]; then
              compadd -- "${(@)found%%$'\\t'*}"
            else
              _files
            fi
          }
          compdef _berth berth
          """,
          "fish",
          """
          # berth completion fish | source
          function __berth_complete
            set -l words (commandline -opc)
            $words[1] __complete $words[2..-1] (commandline -ct) 2> /dev/null
          end
          complete -c berth -a '(__berth_complete)'
          """);

  @Parameters(index = "0", paramLabel = "SHELL")
  String shell = "";

  @Override
  public Integer call() {
    String script = SCRIPTS.get(shell);
    if (script == null) {
      throw new CliException(1, "berth: no completion for '" + shell + "': bash, zsh or fish");
    }
    out().print(script);
    return 0;
  }
}
