using System.Net;
using System.Text;
using Explaino.Testing;

namespace Explaino.ServiceDefaults.Tests;

/// <summary>Violations: what a member breaks, as a word and its numbers, from every shared validator.</summary>
public sealed class ViolationTests(SampleService service) : IClassFixture<SampleService>
{
    public static TheoryData<string, string> Bodies => new()
    {
        { """{}""", """first_name:required{}""" },
        { """{"first_name":null}""", """first_name:required{}""" },
        { """{"first_name":" \u200B "}""", """first_name:blank{}""" },
        { """{"first_name":"01234567890"}""", """first_name:too_long{"max":10}""" },
        { """{"first_name":"a\u0001b"}""", """first_name:control_character{}""" },
        { """{"first_name":"a\u202Eb"}""", """first_name:control_character{}""" },
        { """{"first_name":7}""", """first_name:wrong_type{}""" },
        { """{"first_name":"a","home_page":"ftp://x"}""", """home_page:not_a_url{"max":500}""" },
        { $$"""{"first_name":"a","home_page":"https://x/{{new string('x', 500)}}"}""", """home_page:too_long{"max":500}""" },
        { """{"first_name":"a","amount":10}""", """amount:out_of_range{"min":1,"max":9}""" },
        { """{"first_name":"a","amount":"3"}""", """amount:wrong_type{}""" },
        { """{"first_name":"a","shade":"green"}""", """shade:not_a_word{}""" },
        { """{"first_name":"a","at":"yesterday"}""", """at:wrong_form{}""" },
        { """{"first_name":"a","parts":[{"part_name":"a"},{"part_name":"a"},{"part_name":"a"}]}""", """parts:too_many{"min":0,"max":2}""" },
        { """{"first_name":"a","parts":[{"part_name":"abcd"}]}""", """parts[0].part_name:too_long{"max":3}""" },
        { """{"first_name":"a","parts":[{"part_name":[]}]}""", """parts[0].part_name:wrong_type{}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_is_told_which_rule_it_breaks(string body, string violation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var refused = await service.Client.PostAsync("/api/things", content);

        await refused.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", violation);
    }

    [Theory]
    [InlineData("?limit=0", """limit:out_of_range{"min":1,"max":100}""")]
    [InlineData("?limit=x", """limit:wrong_type{}""")]
    [InlineData("?limit=1&limit=2", """limit:too_many{"max":1}""")]
    [InlineData("?cursor=x", """cursor:wrong_form{}""")]
    [InlineData("?q=abcdef", """q:too_long{"max":5}""")]
    [InlineData("/found?shade=green", """shade:not_a_word{}""")]
    [InlineData("/found?since=soon", """since:wrong_form{}""")]
    public async Task So_is_a_query(string query, string violation)
    {
        using var refused = await service.Client.GetAsync($"/api/things{query}");

        await refused.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", violation);
    }
}
