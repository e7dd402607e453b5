package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.ContainerCreateRequest;
import dev.berth.api.NetworkCreateRequest;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodyTest {
  private static <T> T parse(String text, Class<T> type) {
    return JsonBody.parse(text.getBytes(StandardCharsets.UTF_8), type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "notjson|invalid JSON: invalid character 'o' in literal null (expecting 'u')",
        "{|invalid JSON: unexpected EOF",
        "{\"a\"|invalid JSON: unexpected EOF",
        "{a:1}|invalid JSON: invalid character 'a' looking for beginning of object key string",
        "{\"a\" 1}|invalid JSON: invalid character '1' after object key",
        "{\"a\":1 \"b\"}|invalid JSON: invalid character '\"' after object key:value pair",
        "[1 2]|invalid JSON: invalid character '2' after array element",
        "[1,]|invalid JSON: invalid character ']' looking for beginning of value",
        "{\"a\":tru}|invalid JSON: invalid character '}' in literal true (expecting 'e')",
        "{\"a\":-x}|invalid JSON: invalid character 'x' in numeric literal",
        "{\"a\":1.x}|invalid JSON: invalid character 'x' after decimal point in numeric literal",
        "{\"a\":1ex}|invalid JSON: invalid character 'x' in exponent of numeric literal",
        "{\"a\":\"\\q\"}|invalid JSON: invalid character 'q' in string escape code",
        "{\"a\":\"\\u00x0\"}|invalid JSON: invalid character 'x' in \\u hexadecimal character escape",
        "{\"a\":\"\t\"}|invalid JSON: invalid character '\\t' in string literal",
        "{} {}|unexpected content after JSON",
        "{\"a\":01}|invalid JSON: invalid character '1' after object key:value pair"
      })
  void saysWhatIsWrongWithTheSyntax(String body, String message) {
    assertThatThrownBy(() -> parse(body, NetworkCreateRequest.class))
        .isInstanceOf(EngineException.class)
        .hasMessage(message)
        .extracting(failure -> ((EngineException) failure).kind())
        .isEqualTo(ErrorKind.INVALID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"Name\":5}|number|NetworkCreateRequest.Name|string",
        "{\"Name\":[]}|array|NetworkCreateRequest.Name|string",
        "{\"Internal\":\"x\"}|string|NetworkCreateRequest.Internal|bool",
        "{\"EnableIPv6\":1}|number|NetworkCreateRequest.EnableIPv6|bool",
        "{\"IPAM\":{\"Config\":[{\"Subnet\":true}]}}|bool|NetworkCreateRequest.IPAM.Config.Subnet|string",
        "{\"Labels\":[\"a\"]}|array|NetworkCreateRequest.Labels|map[string]string",
        "{\"IPAM\":\"x\"}|string|NetworkCreateRequest.IPAM|Ipam"
      })
  void namesTheFieldOfTheWrongType(String body, String found, String field, String type) {
    assertThatThrownBy(() -> parse(body, NetworkCreateRequest.class))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "invalid JSON: json: cannot unmarshal "
                + found
                + " into Go struct field "
                + field
                + " of type "
                + type);
  }

  @Test
  void namesAFieldOfAGroupWithoutTheGroup() {
    assertThatThrownBy(
            () -> parse("{\"HostConfig\":{\"Memory\":\"1g\"}}", ContainerCreateRequest.class))
        .hasMessage(
            "invalid JSON: json: cannot unmarshal string into Go struct field"
                + " ContainerCreateRequest.HostConfig.Memory of type int64");
  }

  @Test
  void refusesANumberThatDoesNotFit() {
    assertThatThrownBy(() ->
            parse(
                "{\"HostConfig\":{\"Memory\":99999999999999999999}}", ContainerCreateRequest.class))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("HostConfig.Memory of type int64");
  }

  @Test
  void takesNullForAnEmptyObject() {
    assertThat(parse("null", NetworkCreateRequest.class).name()).isEmpty();
  }

  @Test
  void boundsTheDepth() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThatThrownBy(() -> parse("{\"x\":" + deep + "}", NetworkCreateRequest.class))
        .hasMessage("invalid JSON: exceeded max depth");
  }
}
